/*
 * rule_dead_holder.c - threads that wait for a mutex or read-write lock whose owner died, which nobody can
 * unlock any more, or for a semaphore that a process took before it died. The kernel does not know who holds
 * a semaphore, only who worked on it last; a worker that ended well looks the same.
 */
#include "inspector/waiters.h"
#include "probes/collect.h"

#include <errno.h>

extern const struct rule rule_dead_holder;

static bool is_gone(enum verdict verdict)
{
    return verdict == VERDICT_DEAD || verdict == VERDICT_REUSED;
}

static bool concerns(const struct waits *waits, const struct waiting *waiting)
{
    (void)waits;
    bool held = waiting->want == WANT_LOCK || waiting->want == WANT_TOKEN;
    return held && waiting->holder && is_gone(waiting->holder_state);
}

static struct finding *add_lock(const struct waiting *waiting, struct findings *findings)
{
    bool dead = waiting->holder_state == VERDICT_DEAD;
    bool foreign = waiting->object->fields[FIELD_HOLDER].type != VALUE_PID;
    struct finding *finding = finding_add(
        findings, &rule_dead_holder, dead ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY, waiting->object,
        "the %s is locked by thread %d%s, %s", waiting->object->fields[FIELD_TYPE].string,
        waiting->holder_tid, foreign ? " of another pid namespace" : "",
        dead ? "which is dead; nobody else can unlock it"
             : "and the thread of that number does not even map it: its owner is dead");
    if (finding && !dead)
        finding->confirm = "that thread did not unmap the memory while it held the lock";
    return finding;
}

/*
 * In a set of several, the initialisation of all (SETALL) leaves a pid that never took anything. A semaphore
 * that counts work looks the same when a worker has ended, but nobody asks to give work back at exit.
 */
static struct finding *add_semaphore(const struct waiting *waiting, struct findings *findings)
{
    bool lock = waiting->object->fields[FIELD_NSEMS].number == 1 && waiting->edge->undone;
    struct finding *finding =
        finding_add(findings, &rule_dead_holder, lock ? CONFIDENCE_LIKELY : CONFIDENCE_HINT, waiting->object,
                    "semaphore %d was last taken by process %d, which is dead and did not give it back",
                    waiting->edge->unit, waiting->holder);
    if (finding)
        finding->confirm = "it is used as a lock, not to count work done by others";
    return finding;
}

static int look(const struct waits *waits, const struct waiting *waiting, struct findings *findings)
{
    struct finding *finding =
        waiting->want == WANT_LOCK ? add_lock(waiting, findings) : add_semaphore(waiting, findings);
    return finding && finding_set_waiters(findings, finding, waits, waiting) ? 0 : -ENOMEM;
}

static int find_dead_holders(const struct evidence *evidence, struct findings *findings)
{
    return waits_each_object(evidence, findings, concerns, look);
}

const struct rule rule_dead_holder = {
    .name = "dead-holder",
    .singular = "dead lock holder",
    .plural = "dead lock holders",
    .needs = NEED_USERS | NEED_WAITERS | NEED_VALUES | NEED_VERDICTS,
    .stuck = true,
    .find = find_dead_holders,
};
