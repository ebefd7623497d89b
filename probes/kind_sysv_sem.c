/*
 * kind_sysv_sem.c - System V semaphore sets: rows of /proc/sysvipc/sem. Values and waiter counts need read
 * permission on the set, which the rows do not.
 */
#include "probes/source_sysvipc.h"

#include <errno.h>
#include <sys/sem.h>

enum { OPERATIONS_MAX = 64 };

static const struct sysv_table table = {
    .path = "proc/sysvipc/sem",
    .space = SPACE_SYSV_SEM,
    .time_column = 9,
    .columns = {{FIELD_KEY, SYSV_SKIP},
                {FIELD_ID, SYSV_NUMBER},
                {FIELD_MODE, SYSV_SKIP},
                {FIELD_NSEMS, SYSV_NUMBER},
                {FIELD_OWNER, SYSV_NUMBER},
                {FIELD_GROUP, SYSV_NUMBER},
                {FIELD_CREATOR, SYSV_NUMBER},
                {FIELD_CGROUP, SYSV_NUMBER},
                {FIELD_OTIME, SYSV_SECONDS},
                {FIELD_CTIME, SYSV_SECONDS}},
};

static void read_values(struct collection *collection, struct object *object, const int64_t *numbers)
{
    if (!collection_needs(collection, NEED_VALUES) || numbers[3] <= 0 || numbers[3] > UINT16_MAX)
        return;
    size_t count = (size_t)numbers[3];
    struct semaphore *semaphores =
        arena_alloc(&collection->snapshot->arena, count * sizeof(struct semaphore));
    if (!semaphores) {
        collection->failed = true;
        return;
    }
    int r = collection->kernel->ops->semaphores(collection->kernel, (int)numbers[1], count, semaphores);
    if (!collection_got(collection, r)) {
        if (r == -EACCES)
            object_deny(object, FIELD_BLOCKED);
        return;
    }
    uint64_t blocked = 0;
    for (size_t i = 0; i < count; i++)
        blocked += (uint64_t)semaphores[i].ncnt + (uint64_t)semaphores[i].zcnt;
    object->semaphores = semaphores;
    object_set(object, FIELD_BLOCKED, blocked);
    if (count == 1) {
        object_set(object, FIELD_VALUE, (uint64_t)semaphores[0].value);
        object_set(object, FIELD_LPID, (uint64_t)semaphores[0].pid);
    }
}

static int enumerate(struct collection *collection)
{
    return sysv_enumerate(collection, &kind_sysv_sem, &table, read_values);
}

/* The first operation that the values say must wait, or the first of all. */
static void describe_wait(struct collection *collection, const struct holder *holder,
                          const struct object *object, const struct wait *wait, struct edge *edge)
{
    struct sembuf operations[OPERATIONS_MAX];
    size_t count = wait->arguments[2] < OPERATIONS_MAX ? (size_t)wait->arguments[2] : OPERATIONS_MAX;
    if (!count || !collection_got(collection,
                                  collection->kernel->ops->memory(collection->kernel, holder->process.through,
                                                                  wait->arguments[1], operations,
                                                                  count * sizeof(*operations))))
        return;
    size_t chosen = 0;
    for (size_t i = count; object->semaphores && i-- > 0;) {
        if (operations[i].sem_num >= object->fields[FIELD_NSEMS].number)
            continue;
        int value = object->semaphores[operations[i].sem_num].value;
        bool waits_for_zero = operations[i].sem_op == 0 && value != 0;
        if (waits_for_zero || (operations[i].sem_op < 0 && value < -operations[i].sem_op))
            chosen = i;
    }
    edge->unit = operations[chosen].sem_num;
    edge->amount = operations[chosen].sem_op;
    edge->undone = operations[chosen].sem_flg & SEM_UNDO;
}

static struct object *claim_wait(struct collection *collection, const struct holder *holder,
                                 const struct wait *wait, struct edge *edge)
{
    if (wait->call->target != WAIT_SEMAPHORES)
        return NULL;
    struct object *object = sysv_find(collection, SPACE_SYSV_SEM, holder, wait->arguments[0]);
    if (object)
        describe_wait(collection, holder, object, wait, edge);
    return object;
}

const struct kind kind_sysv_sem = {
    .name = "sysv-sem",
    .summary = "System V semaphore sets",
    .blocked_calls = true,
    .enumerate = enumerate,
    .claim_wait = claim_wait,
};
