/* kind_sysv_msg.c - System V message queues: rows of /proc/sysvipc/msg. */
#include "probes/source_sysvipc.h"

#include <errno.h>

static const struct sysv_table table = {
    .path = "proc/sysvipc/msg",
    .space = SPACE_SYSV_MSG,
    .time_column = 13,
    .columns = {{FIELD_KEY, SYSV_SKIP},
                {FIELD_ID, SYSV_NUMBER},
                {FIELD_MODE, SYSV_SKIP},
                {FIELD_FILL, SYSV_NUMBER},
                {FIELD_MESSAGES, SYSV_NUMBER},
                {FIELD_LSPID, SYSV_NUMBER},
                {FIELD_LRPID, SYSV_NUMBER},
                {FIELD_OWNER, SYSV_NUMBER},
                {FIELD_GROUP, SYSV_NUMBER},
                {FIELD_CREATOR, SYSV_NUMBER},
                {FIELD_CGROUP, SYSV_NUMBER},
                {FIELD_STIME, SYSV_SECONDS},
                {FIELD_RTIME, SYSV_SECONDS},
                {FIELD_CTIME, SYSV_SECONDS}},
};

static void read_limit(struct collection *collection, struct object *object, const int64_t *numbers)
{
    uint64_t bytes;
    object_set(object, FIELD_USED, (uint64_t)numbers[3]);
    if (!collection_needs(collection, NEED_VALUES))
        return;
    int r = collection->kernel->ops->queue_limit(collection->kernel, (int)numbers[1], &bytes);
    if (collection_got(collection, r)) {
        object_set(object, FIELD_CAPACITY, bytes);
        object_set(object, FIELD_SIZE, bytes);
    } else if (r == -EACCES) {
        object_deny(object, FIELD_CAPACITY);
        object_deny(object, FIELD_SIZE);
    }
}

static int enumerate(struct collection *collection)
{
    return sysv_enumerate(collection, &kind_sysv_msg, &table, read_limit);
}

static struct object *claim_wait(struct collection *collection, const struct holder *holder,
                                 const struct wait *wait, struct edge *edge)
{
    (void)edge;
    if (wait->call->target != WAIT_QUEUE)
        return NULL;
    return sysv_find(collection, SPACE_SYSV_MSG, holder, wait->arguments[0]);
}

const struct kind kind_sysv_msg = {
    .name = "sysv-msg",
    .summary = "System V message queues",
    .blocked_calls = true,
    .enumerate = enumerate,
    .claim_wait = claim_wait,
};
