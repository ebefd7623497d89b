/*
 * collect_waits.c - collection_claim_wait(): which object a blocked thread waits for, by the arguments of its
 * system call and the descriptors of its process.
 */
#include "common/strbuf.h"
#include "probes/collection.h"
#include "probes/parse.h"
#include "probes/source_poll.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

/* The edge just made for one of the process's own descriptors. */
static const struct edge *edge_of_fd(const struct collection *collection, const struct holder *holder,
                                     uint64_t fd)
{
    for (size_t i = holder->first_edge; i < collection->edges.count; i++) {
        const struct edge *edge = &collection->edges.items[i];
        if (edge->process == holder->index && edge->role == EDGE_OPEN && (uint64_t)edge->fd == fd)
            return edge;
    }
    return NULL;
}

static const struct object *object_of(const struct collection *collection, const struct edge *edge)
{
    return edge ? collection->objects.items[edge->object] : NULL;
}

/* A regular file always has something to say. */
static bool has_data(const struct collection *collection, const struct holder *holder, uint64_t number)
{
    const struct fd *fd = holder_fd(holder, number);
    const struct object *object = object_of(collection, edge_of_fd(collection, holder, number));
    if (fd && S_ISREG(fd->status.mode))
        return true;
    return object && value_known(object->fields[FIELD_FILL]) && object->fields[FIELD_FILL].number;
}

static bool is_empty(const struct collection *collection, const struct edge *edge)
{
    const struct object *object = object_of(collection, edge);
    return value_known(object->fields[FIELD_FILL]) ? !object->fields[FIELD_FILL].number
                                                   : !collection_needs(collection, NEED_VALUES);
}

/*
 * splice(2) and tee(2) wait for data first, and then for room. What cannot be told is no wait: an input that
 * is no IPC object may be what is waited for. vmsplice(2) has one descriptor, for reading or for writing.
 */
static const struct object *object_of_transfer(const struct collection *collection,
                                               const struct holder *holder, const struct wait *wait,
                                               uint8_t *ret_access)
{
    uint64_t from = wait->arguments[0], to = wait->arguments[wait->call->output];
    const struct edge *input = edge_of_fd(collection, holder, from);
    const struct edge *output = edge_of_fd(collection, holder, to);
    if (input && input->access & EDGE_READ && is_empty(collection, input)) {
        *ret_access = EDGE_READ;
        return object_of(collection, input);
    }
    if (!output || !(output->access & EDGE_WRITE) || (from != to && !has_data(collection, holder, from)))
        return NULL;
    *ret_access = EDGE_WRITE;
    return object_of(collection, output);
}

static const struct object *object_of_descriptors(const struct collection *collection,
                                                  const struct holder *holder, const struct wait *wait,
                                                  struct edge *details)
{
    if (wait->call->target == WAIT_TRANSFER)
        return object_of_transfer(collection, holder, wait, &details->access);
    if (wait->call->target == WAIT_DESCRIPTOR)
        return object_of(collection, edge_of_fd(collection, holder, wait->arguments[0]));
    return NULL;
}

static void tie_wait(struct collection *collection, struct holder *holder, const struct object *object,
                     const struct wait *wait, const struct edge *details)
{
    struct edge *edge = object ? collection_tie(collection, holder, object, EDGE_WAITING) : NULL;
    if (!edge)
        return;
    edge->tid = wait->tid;
    edge->operation = wait->call->name;
    edge->timed = wait_is_timed(wait);
    edge->any = details->any;
    edge->access = details->access;
    edge->unit = details->unit;
    edge->amount = details->amount;
    edge->undone = details->undone;
}

static bool has_open(const struct collection *collection, const struct holder *holder)
{
    for (size_t i = holder->first_edge; i < collection->edges.count; i++)
        if (collection->edges.items[i].role == EDGE_OPEN)
            return true;
    return false;
}

static void claim_polled(struct collection *collection, struct holder *holder, const struct wait *wait)
{
    polled_list list = {0};
    if (!has_open(collection, holder))
        return;
    int r = source_poll(collection, holder, wait, &list);
    collection->failed |= r < 0;
    array_each(&list, polled)
    {
        bool single = polled->access == EDGE_READ || polled->access == EDGE_WRITE;
        struct edge details = {.unit = -1, .access = polled->access, .any = list.count > 1 || !single};
        const struct edge *watched = edge_of_fd(collection, holder, (uint64_t)polled->fd);
        tie_wait(collection, holder, object_of(collection, watched), wait, &details);
    }
    array_free(&list);
}

/* A futex may be both a semaphore's and an address of its own: every kind may claim a wait. */
static void claim_by_kinds(struct collection *collection, struct holder *holder, const struct wait *wait,
                           bool any)
{
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (!collection_selects(collection, i) || !kinds[i]->claim_wait)
            continue;
        struct edge details = {.unit = -1, .any = any};
        const struct object *object = kinds[i]->claim_wait(collection, holder, wait, &details);
        tie_wait(collection, holder, object, wait, &details);
    }
}

/* As futex_waitv(2) takes it, which linux/futex.h has only since 5.16, and at most so many. */
struct futex_waiter {
    uint64_t value, address;
    uint32_t flags, reserved;
};

enum { FUTEX_WAITERS_MAX = 128 };

/* To the kinds, one wait for each of the addresses. */
static void claim_futexes(struct collection *collection, struct holder *holder, const struct wait *wait)
{
    struct futex_waiter waiters[FUTEX_WAITERS_MAX];
    uint64_t count = wait->arguments[1] < FUTEX_WAITERS_MAX ? wait->arguments[1] : FUTEX_WAITERS_MAX;
    struct kernel *kernel = collection->kernel;
    int r = kernel->ops->memory(kernel, holder->process.through, wait->arguments[0], waiters,
                                count * sizeof(waiters[0]));
    if (r < 0 && r != -EFAULT)
        collection_process_error(collection, "memory", r);
    struct wait_call call = *wait->call;
    struct wait one = *wait;
    call.target = WAIT_FUTEX;
    one.call = &call;
    for (uint64_t i = 0; r == 0 && i < count; i++) {
        one.arguments[0] = waiters[i].address;
        claim_by_kinds(collection, holder, &one, count > 1);
    }
}

void collection_claim_wait(struct collection *collection, struct holder *holder, const struct wait *wait)
{
    struct edge details = {.unit = -1};
    tie_wait(collection, holder, object_of_descriptors(collection, holder, wait, &details), wait, &details);
    if (source_poll_concerns(wait))
        claim_polled(collection, holder, wait);
    if (wait->call->target == WAIT_FUTEXES)
        claim_futexes(collection, holder, wait);
    else
        claim_by_kinds(collection, holder, wait, false);
}

static void read_handlers(struct collection *collection, struct process *process)
{
    char path[64];
    AUTO_STRBUF struct strbuf text = {0};
    struct signal_state signals;
    snprintf(path, sizeof(path), "proc/%d/status", process->pid);
    int r = collection->kernel->ops->read(collection->kernel, path, &text);
    if (r < 0)
        collection_process_error(collection, "status", r);
    bool known = r == 0 && parse_signals(strbuf_text(&text), &signals);
    process->caught = known ? signals.caught : UINT64_MAX;
}

void collection_read_handlers(struct collection *collection)
{
    uint32_t last = NO_PROCESS;
    array_each(&collection->edges, edge)
    {
        if (edge->role != EDGE_WAITING || edge->timed || edge->any || edge->process == last)
            continue;
        last = edge->process;
        read_handlers(collection, &collection->processes.items[last]);
    }
}
