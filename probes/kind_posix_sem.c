/*
 * kind_posix_sem.c - POSIX named semaphores: files sem.NAME of the shared memory file systems. Value and
 * waiters are known of those that are as glibc makes them; a file of any other form is shown as unrecognised.
 */
#include "probes/collection.h"
#include "probes/glibc_semaphore.h"
#include "probes/source_shm.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static void read_value(struct object *object, const struct shm_file *file)
{
    struct glibc_semaphore semaphore;
    if (file->error) {
        object_deny(object, FIELD_VALUE);
        object_deny(object, FIELD_BLOCKED);
        return;
    }
    if (!glibc_semaphore(file, &semaphore)) {
        object_set_word(object, FIELD_TYPE, "unrecognised");
        return;
    }
    object_set_word(object, FIELD_TYPE, "glibc");
    object_set(object, FIELD_VALUE, semaphore.value);
    object_set(object, FIELD_BLOCKED, semaphore.waiters);
}

static struct object *claim_file(struct collection *collection, const struct shm_mount *mount,
                                 const struct shm_file *file)
{
    if (!S_ISREG(file->status.mode) || !shm_name_is_semaphore(file->path))
        return NULL;
    struct object *object =
        shm_add_file(collection, &kind_posix_sem, mount, file, file->path + strlen("sem."));
    if (object)
        read_value(object, file);
    return object;
}

static struct object *claim_vma(struct collection *collection, const struct holder *holder,
                                const struct vma *vma)
{
    return shm_claim_vma(collection, &kind_posix_sem, true, holder, vma);
}

static struct object *claim_fd(struct collection *collection, struct holder *holder, struct fd *fd)
{
    return shm_claim_fd(collection, &kind_posix_sem, true, holder, fd);
}

/* sem_wait() is a futex wait on the value's address. */
static struct object *claim_wait(struct collection *collection, const struct holder *holder,
                                 const struct wait *wait, struct edge *edge)
{
    (void)edge;
    const struct vma *vma = wait->call->target == WAIT_FUTEX ? holder_vma(holder, wait->arguments[0]) : NULL;
    return vma && vma->vma_class == VMA_FILE ? claim_vma(collection, holder, vma) : NULL;
}

const struct kind kind_posix_sem = {
    .name = "posix-sem",
    .summary = "POSIX named semaphores (sem.* files in /dev/shm)",
    .blocked_calls = true,
    .vmas = VMA_SHM,
    .fds = FD_SHM,
    .claim_shm_file = claim_file,
    .claim_vma = claim_vma,
    .claim_fd = claim_fd,
    .claim_wait = claim_wait,
};
