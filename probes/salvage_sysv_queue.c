/*
 * salvage_sysv_queue.c - copies the messages of a System V queue (MSG_COPY in msgrcv(2)). Meanwhile its limit
 * is 0 bytes: not even an empty message fits then (msg_fits_inqueue() in ipc/msg.c), so that nothing that was
 * sent goes with the queue. Senders wait, and learn of the removal, or go on when the queue stays.
 */
#include "probes/collection.h"
#include "probes/reaper.h"
#include "probes/salvaging.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <sys/msg.h>

/* How the queue was and is. One that could not be opened again is left alone: that takes CAP_SYS_RESOURCE
 * where its limit is above msgmnb. */
static int seal(int id, const struct object *object, struct msqid_ds *ret_before, struct msqid_ds *ret_now)
{
    struct msqid_ds before;
    if (msgctl(id, IPC_STAT, &before) < 0)
        return -errno;
    if (!reap_is_same(object, &before.msg_perm, before.msg_ctime))
        return -ESTALE;
    if (msgctl(id, IPC_SET, &before) < 0)
        return -errno;
    *ret_before = *ret_now = before;
    ret_now->msg_qbytes = 0;
    return msgctl(id, IPC_SET, ret_now) < 0 || msgctl(id, IPC_STAT, ret_now) < 0 ? -errno : 0;
}

struct counting {
    const struct salvage_to *to;
    uint64_t messages;
};

static int count(void *argument, const struct peek_part *part)
{
    struct counting *counting = argument;
    counting->messages++;
    return counting->to->see(counting->to->argument, part);
}

static int copy_and_keep(const struct salvaging *salvaging, struct object *sealed)
{
    static const struct peek_range all = {.length = UINT64_MAX};
    const struct salvage_to *to = salvaging->to;
    struct counting counting = {.to = to};
    int r = peek(salvaging->kernel, salvaging->snapshot, sealed, &all, count, &counting, salvaging->ret_why);
    object_set(sealed, FIELD_MESSAGES, counting.messages);
    return r < 0 ? r : to->keep(to->argument, sealed);
}

int salvage_sysv_queue(const struct salvaging *salvaging)
{
    struct object sealed = *salvaging->object;
    struct msqid_ds before, now;
    int id = (int)sealed.fields[FIELD_ID].number;
    int r = seal(id, &sealed, &before, &now);
    if (r < 0)
        return r;
    sealed.identity.generation = (uint64_t)now.msg_ctime;
    r = copy_and_keep(salvaging, &sealed);
    if (r < 0)
        msgctl(id, IPC_SET, &before);
    return r;
}
