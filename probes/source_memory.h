/*
 * source_memory.h - memory that has no name in any file system: memfds and MAP_SHARED | MAP_ANONYMOUS. Their
 * inodes are on a device of the kernel's own, where System V segments have theirs too, so the kind is part of
 * the identity.
 */
#pragma once

#include "probes/collection.h"

/* The object of that space, device and inode, made with a label of its inode when it is new. */
struct object *memory_object(struct collection *collection, const struct kind *kind, enum space space,
                             uint32_t major, uint32_t minor, uint64_t inode, bool *ret_new);

/* Sets what the file behind a mapping tells, or what the mapping itself does where that is refused. */
void memory_set_from_vma(struct collection *collection, struct object *object, const struct holder *holder,
                         const struct vma *vma);
