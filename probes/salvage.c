/* salvage.c - see salvage.h. Queues are in salvage_queue.c and salvage_sysv_queue.c. */
#include "probes/salvage.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "probes/collection.h"
#include "probes/kind.h"
#include "probes/reaper.h"
#include "probes/salvaging.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <signal.h>
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
static int see_attached(int id, bool swapped, const struct salvage_to *to)
{
    struct shmid_ds status;
    unsigned char *bytes = shmat(id, NULL, SHM_RDONLY);
    if (bytes == (void *)-1)
        return -errno;
    int r = shmctl(id, IPC_STAT, &status) < 0 ? -errno : 0;
    if (r == 0)
        r = see_segment(bytes, status.shm_segsz, swapped, to);
    shmdt(bytes);
    return r;
}

/* The copy remembers that we used it last, unless somebody else had done so already. */
static int salvage_segment(const struct salvaging *salvaging)
{
    struct object seen = *salvaging->object;
    struct shmid_ds now;
    int id = (int)seen.fields[FIELD_ID].number;
    struct value swap = seen.fields[FIELD_SWAP];
    bool untouched = shmctl(id, IPC_STAT, &now) == 0 && reap_segment_is_untouched(&seen, &now);
    int r = see_attached(id, !value_known(swap) || swap.number, salvaging->to);
    if (r < 0)
        return r;
    if (untouched && shmctl(id, IPC_STAT, &now) == 0) {
        object_set(&seen, FIELD_ATIME, (uint64_t)now.shm_atime * REAP_SECOND);
        object_set(&seen, FIELD_DTIME, (uint64_t)now.shm_dtime * REAP_SECOND);
        object_set(&seen, FIELD_LPID, (uint64_t)getpid());
    }
    return salvaging->to->keep(salvaging->to->argument, &seen);
}

static int salvage_file(const struct salvaging *salvaging)
{
    static const struct peek_range all = {.length = UINT64_MAX};
    const struct salvage_to *to = salvaging->to;
    int r = peek(salvaging->kernel, salvaging->snapshot, salvaging->object, &all, to->see, to->argument,
                 salvaging->ret_why);
    return r < 0 ? r : to->keep(to->argument, salvaging->object);
}

static int salvage_nothing(const struct salvaging *salvaging)
{
    return salvaging->to->keep(salvaging->to->argument, salvaging->object);
}

static const struct {
    const struct kind *kind;
    int (*salvage)(const struct salvaging *salvaging);
    const char *message_type;
} ways[] = {
    {&kind_sysv_shm,  salvage_segment,     NULL      },
    {&kind_sysv_sem,  salvage_nothing,     NULL      },
    {&kind_sysv_msg,  salvage_sysv_queue,  "type"    },
    {&kind_posix_shm, salvage_file,        NULL      },
    {&kind_posix_sem, salvage_file,        NULL      },
    {&kind_posix_mq,  salvage_posix_queue, "priority"},
    {&kind_fifo,      salvage_nothing,     NULL      },
};

static size_t way_of(const struct kind *kind)
{
    size_t i = 0;
    while (i < COUNT_OF(ways) && ways[i].kind != kind)
        i++;
    return i;
}

bool salvage_has_contents(const struct kind *kind)
{
    size_t way = way_of(kind);
    return way < COUNT_OF(ways) && ways[way].salvage != salvage_nothing;
}

const char *salvage_message_type(const struct kind *kind)
{
    size_t way = way_of(kind);
    return way < COUNT_OF(ways) ? ways[way].message_type : NULL;
}

/* Signals wait while a queue is not as it was. */
int salvage(struct kernel *kernel, const struct snapshot *snapshot, const struct object *object,
            const struct salvage_to *to, const char **ret_why)
{
    const struct salvaging salvaging = {
        .kernel = kernel, .snapshot = snapshot, .object = object, .to = to, .ret_why = ret_why};
    size_t way = way_of(object->kind);
    sigset_t all, before;
    if (way == COUNT_OF(ways))
        return -ENOTSUP;
    sigfillset(&all);
    if (ways[way].message_type)
        sigprocmask(SIG_SETMASK, &all, &before);
    int r = ways[way].salvage(&salvaging);
    if (ways[way].message_type)
        sigprocmask(SIG_SETMASK, &before, NULL);
    return r;
}
