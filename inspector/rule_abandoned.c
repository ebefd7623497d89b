/*
 * rule_abandoned.c - robust mutexes whose owner died and that nobody recovers, though threads wait. When a
 * thread dies, the kernel walks its robust list, marks each mutex and wakes one waiter (exit_robust_list() in
 * kernel/futex/core.c); if that one does not take the mutex, the others are never woken.
 */
#include "inspector/waiters.h"
#include "probes/collect.h"

#include <errno.h>

extern const struct rule rule_abandoned;

static bool concerns(const struct waits *waits, const struct waiting *waiting)
{
    (void)waits;
    return object_says(waiting->object, FIELD_STATE, "abandoned");
}

static int look(const struct waits *waits, const struct waiting *waiting, struct findings *findings)
{
    bool certain = waiting->fate == FATE_CERTAIN;
    struct finding *finding =
        finding_add(findings, &rule_abandoned, certain ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY,
                    waiting->object, "the owner of this robust mutex died, and %s",
                    certain ? "all that map it wait, so nobody is left to recover it"
                            : "the waiter that was woken to recover it did not take it");
    if (!finding || !finding_set_waiters(findings, finding, waits, waiting))
        return -ENOMEM;
    if (!certain)
        finding->confirm = "nobody comes to lock it";
    return 0;
}

static int find_abandoned(const struct evidence *evidence, struct findings *findings)
{
    return waits_each_object(evidence, findings, concerns, look);
}

const struct rule rule_abandoned = {
    .name = "abandoned",
    .singular = "abandoned mutex",
    .plural = "abandoned mutexes",
    .needs = NEED_USERS | NEED_WAITERS | NEED_VALUES | NEED_VERDICTS,
    .stuck = true,
    .find = find_abandoned,
};
