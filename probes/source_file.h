/*
 * source_file.h - objects that are files of some file system: told by device and inode, named by a path that
 * may be gone. What /proc says of a file without a name left ends in " (deleted)"; only its link count tells
 * that from a file that is really called so.
 */
#pragma once

#include "probes/collection.h"

/* The length of a name without the " (deleted)" that the kernel put behind it, if it did. */
size_t file_name_length(const char *name, const struct file_status *status);

/* The object of that device and inode, of whatever kind, or NULL. */
struct object *file_find(const struct collection *collection, const struct file_status *status);

/*
 * A new object with the file's status: its name is `prefix` and `name` (raw bytes), its label the same
 * escaped, with
 * "#INODE" when it is deleted and `suffix` at the end. NULL when memory is out.
 */
struct object *file_object(struct collection *collection, const struct kind *kind,
                           const struct file_status *status, const char *prefix, const char *name,
                           const char *suffix);
