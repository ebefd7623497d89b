/*
 * kind_posix_shm.c - POSIX shared memory: regular files of the shared memory file systems, subfolders too,
 * but for named semaphores (kind_posix_sem.c).
 */
#include "probes/collection.h"
#include "probes/source_shm.h"

#include <sys/stat.h>

static struct object *claim_file(struct collection *collection, const struct shm_mount *mount,
                                 const struct shm_file *file)
{
    if (!S_ISREG(file->status.mode) || shm_name_is_semaphore(file->path))
        return NULL;
    return shm_add_file(collection, &kind_posix_shm, mount, file, file->path);
}

static struct object *claim_vma(struct collection *collection, const struct holder *holder,
                                const struct vma *vma)
{
    return shm_claim_vma(collection, &kind_posix_shm, false, holder, vma);
}

static struct object *claim_fd(struct collection *collection, struct holder *holder, struct fd *fd)
{
    return shm_claim_fd(collection, &kind_posix_shm, false, holder, fd);
}

const struct kind kind_posix_shm = {
    .name = "posix-shm",
    .summary = "POSIX shared memory (files in /dev/shm)",
    .vmas = VMA_SHM,
    .fds = FD_SHM,
    .claim_shm_file = claim_file,
    .claim_vma = claim_vma,
    .claim_fd = claim_fd,
};
