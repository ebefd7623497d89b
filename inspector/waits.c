/* waits.c - see waits.h. */
#include "inspector/waits.h"

#include "inspector/waits_enders.h"
#include "inspector/waits_freeze.h"
#include "probes/kind.h"

#include <errno.h>
#include <string.h>

/*
 * A futex of a named semaphore is claimed by both kinds, and a lock on a file that is an object itself is
 * seen as a wait for that file too: the one that knows more stays.
 */
static bool says_less(const struct snapshot *snapshot, const struct edge *edge, const struct edge *than)
{
    if (!edge->tid || edge->tid != than->tid || than->role != EDGE_WAITING || edge == than)
        return false;
    const struct kind *kind = snapshot->objects[edge->object]->kind;
    const struct kind *other = snapshot->objects[than->object]->kind;
    return (kind == &kind_futex && other == &kind_posix_sem) || (kind != &kind_lock && other == &kind_lock);
}

static bool is_repeated(const struct snapshot *snapshot, const struct edge *edge)
{
    for (size_t i = 0; !edge->any && i < snapshot->edge_count; i++)
        if (says_less(snapshot, edge, &snapshot->edges[i]))
            return true;
    return false;
}

static int add_waiting(struct waits *waits, const struct edge *edge)
{
    struct waiting *waiting = array_push(&waits->all);
    if (!waiting)
        return -ENOMEM;
    waiting->edge = edge;
    waiting->object = waits->snapshot->objects[edge->object];
    waiting->process = &waits->snapshot->processes[edge->process];
    return waits_find_enders(waits, waiting);
}

int waits_make(const struct snapshot *snapshot, struct waits *ret_waits)
{
    struct waits waits = {.snapshot = snapshot};
    int r = 0;
    for (size_t i = 0; i < snapshot->edge_count && r == 0; i++)
        if (snapshot->edges[i].role == EDGE_WAITING && !is_repeated(snapshot, &snapshot->edges[i]))
            r = add_waiting(&waits, &snapshot->edges[i]);
    if (r == 0)
        r = waits_freeze(&waits);
    if (r < 0) {
        waits_free(&waits);
        return r;
    }
    *ret_waits = waits;
    return 0;
}

const struct waiting *waits_next(const struct waits *waits, const struct waiting *waiting)
{
    for (size_t i = 0; i < waiting->enders; i++) {
        uint32_t ender = waits->enders.items[waiting->first_ender + i];
        array_each(&waits->all, other)
        {
            bool right_thread = !waiting->holder_tid || other->edge->tid == waiting->holder_tid;
            if (other->edge->process == ender && right_thread && other->fate >= waiting->fate)
                return other;
        }
    }
    return NULL;
}

bool waits_in_circle(const struct waits *waits, const struct waiting *waiting)
{
    const struct waiting *at = waiting;
    if (waiting->fate == FATE_OPEN)
        return false;
    for (size_t step = 0; at && step < waits->all.count; step++) {
        at = waits_next(waits, at);
        if (at == waiting)
            return true;
    }
    return false;
}

void waits_free(struct waits *waits)
{
    array_free(&waits->all);
    array_free(&waits->enders);
}
