/*
 * source_shm.h - files of the shared memory file systems, and those that have lost their name. posix-shm and
 * posix-sem share them; which file is whose, they say themselves.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct collection;
struct fd;
struct file_status;
struct holder;
struct kind;
struct object;
struct shm_file;
struct shm_mount;
struct vma;

/* KIND_BIT()s of the kinds that take such files. */
uint64_t source_shm_kinds(void);

/* Offers every file of every mount to the kinds that take such files. */
int source_shm_walk(struct collection *collection);

/* A new object for a listed file: its status, path, container, and a label of `name` (raw bytes). */
struct object *shm_add_file(struct collection *collection, const struct kind *kind,
                            const struct shm_mount *mount, const struct shm_file *file, const char *name);

/* Whether a path below a mount is that of a named semaphore: "sem.NAME", not in a subfolder. */
bool shm_name_is_semaphore(const char *path);

/*
 * The object behind a mapping or a descriptor: the listed one of that device and inode, or a new one when the
 * file is on a shared memory file system, not listed (its name is gone, or newer than the walk), and its name
 * is that of a semaphore or is not, as `semaphores` says. NULL otherwise.
 */
struct object *shm_claim_vma(struct collection *collection, const struct kind *kind, bool semaphores,
                             const struct holder *holder, const struct vma *vma);
struct object *shm_claim_fd(struct collection *collection, const struct kind *kind, bool semaphores,
                            const struct holder *holder, struct fd *fd);

/* Status of the file behind a mapping, as far as this user may see it; -errno otherwise. */
int shm_vma_status(struct collection *collection, const struct holder *holder, const struct vma *vma,
                   struct file_status *ret_status);

/*
 * The same for a file that has or had a name: by its path where the mapping is refused (it takes privileges
 * of the whole machine) and the path leads to the same file. Returns 0; 1 when only what the mapping itself
 * tells is known, and then shm_deny_status() is due; -errno when it vanished or memory is out.
 */
int shm_file_status(struct collection *collection, const struct holder *holder, const struct vma *vma,
                    struct file_status *ret_status);
void shm_deny_status(struct object *object);
