/* salvage.c - see salvage.h. How messages of a POSIX queue are taken out and put back is in salvage_queue.c.
 */
#include "probes/salvage.h"

#include "common/cleanup.h"
#include "probes/kind.h"
#include "probes/salvage_queue.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/uio.h>

enum { CHUNK = 64 * 1024, CHUNK_PAGES = CHUNK / 4096 };

/* Whether some page of a chunk is in memory. Those that are not, nobody wrote to, unless some are swapped
 * out. */
static bool is_there(unsigned char *bytes, size_t length)
{
    unsigned char pages[CHUNK_PAGES] = {0};
    if (mincore(bytes, length, pages) < 0)
        return true;
    for (size_t i = 0; i * 4096 < length; i++)
        if (pages[i] & 1)
            return true;
    return false;
}

/* process_vm_readv(2) fails where a plain read would end in SIGBUS. */
static int see_segment(unsigned char *bytes, size_t size, bool swapped, const struct salvage_to *to)
{
    AUTO_FREE unsigned char *buffer = malloc(CHUNK);
    int r = buffer ? 0 : -ENOMEM;
    for (size_t offset = 0; offset < size && r == 0; offset += CHUNK) {
        struct peek_part part = {.offset = offset, .length = size - offset, .bytes = buffer, .size = size};
        part.length = part.length < CHUNK ? part.length : CHUNK;
        struct iovec here = {.iov_base = buffer, .iov_len = part.length};
        struct iovec there = {.iov_base = bytes + offset, .iov_len = part.length};
        if (!swapped && !is_there(bytes + offset, part.length))
            continue;
        ssize_t got = process_vm_readv(getpid(), &here, 1, &there, 1, 0);
        if (got < 0)
            return -errno;
        r = (size_t)got == part.length ? to->see(to->argument, &part) : -EIO;
    }
    return r;
}

/* While it is attached its id cannot become another segment's, so the size is this one's. */
static int salvage_segment(const struct object *object, const struct salvage_to *to)
{
    int id = (int)object->fields[FIELD_ID].number;
    struct value swap = object->fields[FIELD_SWAP];
    struct shmid_ds status;
    unsigned char *bytes = shmat(id, NULL, SHM_RDONLY);
    if (bytes == (void *)-1)
        return -errno;
    int r = shmctl(id, IPC_STAT, &status) < 0 ? -errno : 0;
    if (r == 0)
        r = see_segment(bytes, status.shm_segsz, !value_known(swap) || swap.number, to);
    shmdt(bytes);
    return r;
}

bool salvage_has_contents(const struct kind *kind)
{
    return kind != &kind_sysv_sem && kind != &kind_fifo;
}

static int see_all(struct kernel *kernel, const struct snapshot *snapshot, const struct object *object,
                   const struct salvage_to *to, const char **ret_why)
{
    static const struct peek_range all = {.length = UINT64_MAX};
    if (object->kind == &kind_sysv_shm)
        return salvage_segment(object, to);
    if (!salvage_has_contents(object->kind))
        return 0;
    return peek(kernel, snapshot, object, &all, to->see, to->argument, ret_why);
}

int salvage(struct kernel *kernel, const struct snapshot *snapshot, const struct object *object,
            const struct salvage_to *to, const char **ret_why)
{
    if (object->kind == &kind_posix_mq)
        return salvage_queue(snapshot, object, to, ret_why);
    int r = see_all(kernel, snapshot, object, to, ret_why);
    return r < 0 ? r : to->keep(to->argument, object);
}
