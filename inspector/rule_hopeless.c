/*
 * rule_hopeless.c - threads that wait for somebody who is not there: memory without a name that nobody else
 * maps, a full pipe that only the writer itself could read, a full queue without a reader. Who waits for
 * messages or for a named semaphore is not concerned: somebody may come.
 */
#include "inspector/waiters.h"
#include "probes/collect.h"
#include "probes/kind.h"

#include <errno.h>

extern const struct rule rule_hopeless;

static bool is_nobody(const struct waits *waits, const struct waiting *waiting)
{
    return !waiting->enders || waits_is_own(waits, waiting);
}

/* Full, by whatever counts; the queue of a sender that waits is. A named one may find a reader later. */
static bool lacks_reader(const struct waits *waits, const struct waiting *waiting)
{
    const struct kind *kind = waiting->object->kind;
    if (waiting->want != WANT_ROOM || waiting->edge->timed || waiting->edge->any)
        return false;
    if (kind == &kind_sysv_msg)
        return waiting->holder_state == VERDICT_DEAD || waiting->holder_state == VERDICT_REUSED;
    return (kind == &kind_posix_mq || kind == &kind_fifo) && is_nobody(waits, waiting) &&
           waiting->reach == REACH_OPEN;
}

static bool is_hopeless(const struct waits *waits, const struct waiting *waiting)
{
    return waiting->fate != FATE_OPEN && !waiting->holder_tid && is_nobody(waits, waiting);
}

/* An abandoned mutex is another finding. */
static bool concerns(const struct waits *waits, const struct waiting *waiting)
{
    if (object_says(waiting->object, FIELD_STATE, "abandoned"))
        return false;
    return is_hopeless(waits, waiting) || lacks_reader(waits, waiting);
}

static struct finding *add_hopeless(const struct waiting *waiting, struct findings *findings)
{
    enum confidence confidence = waiting->fate == FATE_CERTAIN ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
    if (waiting->want == WANT_ROOM)
        return finding_add(findings, &rule_hopeless, confidence, waiting->object,
                           "full, and process %d, which waits to write, is the only one that could read",
                           waiting->process->pid);
    return finding_add(findings, &rule_hopeless, confidence, waiting->object,
                       "no process but those that wait for it can reach it any more");
}

static struct finding *add_without_reader(const struct waiting *waiting, struct findings *findings)
{
    struct finding *finding =
        waiting->object->kind == &kind_sysv_msg
            ? finding_add(findings, &rule_hopeless, CONFIDENCE_LIKELY, waiting->object,
                          "full, and its last reader, pid %d, is dead", waiting->holder)
            : finding_add(findings, &rule_hopeless, CONFIDENCE_LIKELY, waiting->object,
                          "full, and no process but the writer has it open for reading");
    if (finding)
        finding->confirm = "no reader is about to come back";
    return finding;
}

static int look(const struct waits *waits, const struct waiting *waiting, struct findings *findings)
{
    struct finding *finding =
        is_hopeless(waits, waiting) ? add_hopeless(waiting, findings) : add_without_reader(waiting, findings);
    return finding && finding_set_waiters(findings, finding, waits, waiting) ? 0 : -ENOMEM;
}

static int find_hopeless(const struct evidence *evidence, struct findings *findings)
{
    return waits_each_object(evidence, findings, concerns, look);
}

const struct rule rule_hopeless = {
    .name = "hopeless",
    .singular = "hopeless wait",
    .plural = "hopeless waits",
    .needs = NEED_USERS | NEED_WAITERS | NEED_VALUES | NEED_VERDICTS,
    .stuck = true,
    .find = find_hopeless,
};
