/* waits_freeze.c - see waits.h: the largest set of waits that only members of the set could end. */
#include "inspector/waits_freeze.h"

#include "common/cleanup.h"
#include "inspector/waits.h"
#include "probes/kind.h"

#include <errno.h>
#include <signal.h>

struct freezing {
    struct waits *waits;
    bool *frozen;      /* per wait */
    uint32_t *threads; /* per process: how many threads wait and are frozen */
};

/*
 * Whether a handler of the waiting process may end its wait: by alarm(2), the old way to wait for so long;
 * by sem_post(3) or a byte to whoever is to answer, both allowed in one. Who waits for a pthread mutex only
 * waits on. Python handles SIGINT in every program, and libc uses the two signals after SIGSYS.
 */
static bool may_be_signalled(const struct waiting *waiting)
{
    static const uint64_t own = 1u << (SIGINT - 1) | UINT64_C(3) << 31;
    uint64_t caught = waiting->process->caught & ~own;
    if (waiting->object->kind == &kind_futex && waiting->want == WANT_LOCK)
        return false;
    if (caught & 1u << (SIGALRM - 1))
        return true;
    bool posted = waiting->want == WANT_TOKEN && waiting->object->kind == &kind_posix_sem;
    return caught && (posted || waiting->want == WANT_DATA || waiting->want == WANT_WAKEUP);
}

/*
 * Whoever used a queue or semaphore last may be gone without harm, so nobody proves nothing there; and who
 * sent last is not the only one to send next. A process that reads what only itself can write does so to be
 * woken by its own signal handler. Whoever waits for any of several things may be woken by one that is no IPC
 * object at all.
 */
static bool may_be_frozen(const struct waits *waits, const struct waiting *waiting, enum wait_fate fate)
{
    bool token = waiting->want == WANT_TOKEN, room = waiting->want == WANT_ROOM;
    if (waiting->edge->timed || waiting->edge->any || !waiting->edge->tid || may_be_signalled(waiting))
        return false;
    if (waiting->want == WANT_DATA && waits_is_own(waits, waiting))
        return false;
    switch (waiting->reach) {
    case REACH_CLOSED: return true;
    case REACH_GAPS: return waiting->enders && fate == FATE_LIKELY;
    case REACH_PRESUMED: return waiting->enders && (token || (room && fate == FATE_LIKELY));
    default: return false;
    }
}

static void count_threads(struct freezing *freezing)
{
    const struct waits *waits = freezing->waits;
    for (size_t i = 0; i < waits->snapshot->process_count; i++)
        freezing->threads[i] = 0;
    for (size_t i = 0; i < waits->all.count; i++)
        if (freezing->frozen[i])
            freezing->threads[waits->all.items[i].edge->process]++;
}

static bool thread_is_frozen(const struct freezing *freezing, pid_t tid)
{
    const struct waits *waits = freezing->waits;
    for (size_t i = 0; i < waits->all.count; i++)
        if (freezing->frozen[i] && waits->all.items[i].edge->tid == tid)
            return true;
    return false;
}

static bool process_is_frozen(const struct freezing *freezing, uint32_t process)
{
    return freezing->threads[process] >= freezing->waits->snapshot->processes[process].threads;
}

static bool stays_frozen(const struct freezing *freezing, const struct waiting *waiting)
{
    const uint32_t *enders = freezing->waits->enders.items + waiting->first_ender;
    if (waiting->holder_tid && waiting->enders)
        return thread_is_frozen(freezing, waiting->holder_tid);
    for (size_t i = 0; i < waiting->enders; i++)
        if (!process_is_frozen(freezing, enders[i]))
            return false;
    return true;
}

static bool thaw_some(struct freezing *freezing)
{
    bool thawed = false;
    count_threads(freezing);
    for (size_t i = 0; i < freezing->waits->all.count; i++) {
        if (!freezing->frozen[i] || stays_frozen(freezing, &freezing->waits->all.items[i]))
            continue;
        freezing->frozen[i] = false;
        thawed = true;
    }
    return thawed;
}

static void freeze(struct freezing *freezing, enum wait_fate fate)
{
    struct waits *waits = freezing->waits;
    for (size_t i = 0; i < waits->all.count; i++)
        freezing->frozen[i] = may_be_frozen(waits, &waits->all.items[i], fate);
    while (thaw_some(freezing))
        continue;
    for (size_t i = 0; i < waits->all.count; i++)
        if (freezing->frozen[i])
            waits->all.items[i].fate = fate;
}

int waits_freeze(struct waits *waits)
{
    AUTO_FREE bool *frozen = calloc(waits->all.count + 1, sizeof(*frozen));
    AUTO_FREE uint32_t *threads = calloc(waits->snapshot->process_count + 1, sizeof(*threads));
    struct freezing freezing = {.waits = waits, .frozen = frozen, .threads = threads};
    if (!frozen || !threads)
        return -ENOMEM;
    freeze(&freezing, FATE_LIKELY);
    freeze(&freezing, FATE_CERTAIN);
    return 0;
}
