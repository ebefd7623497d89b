/* waiters.c - see waiters.h. */
#include "inspector/waiters.h"

#include "common/cleanup.h"

#include <errno.h>

/* Semaphores of a set are waited for one by one. */
static bool is_same(const struct waiting *one, const struct waiting *other)
{
    return one->object == other->object && one->edge->unit == other->edge->unit;
}

bool finding_set_waiters(struct findings *findings, struct finding *finding, const struct waits *waits,
                         const struct waiting *waiting)
{
    AUTO_FREE pid_t *pids = calloc(waits->all.count, sizeof(*pids));
    size_t count = 0;
    if (!pids)
        return false;
    array_each(&waits->all, other)
    {
        pid_t pid = other->process->pid;
        if (is_same(other, waiting) && (!count || pids[count - 1] != pid))
            pids[count++] = pid;
    }
    return finding_set_pids(findings, finding, pids, count);
}

typedef bool wait_test(const struct waits *waits, const struct waiting *waiting);

/* Waits are by object. */
static bool is_first(const struct waits *waits, const struct waiting *waiting, wait_test *concerns)
{
    const struct waiting *other = waiting;
    while (other > waits->all.items && (--other)->object == waiting->object)
        if (is_same(other, waiting) && concerns(waits, other))
            return false;
    return true;
}

int waits_each_object(const struct evidence *evidence, struct findings *findings,
                      bool (*concerns)(const struct waits *waits, const struct waiting *waiting),
                      int (*look)(const struct waits *waits, const struct waiting *waiting,
                                  struct findings *findings))
{
    struct waits waits;
    int r = waits_make(evidence->snapshot, &waits);
    if (r < 0)
        return r;
    array_each(&waits.all, waiting)
    {
        if (r == 0 && concerns(&waits, waiting) && is_first(&waits, waiting, concerns))
            r = look(&waits, waiting, findings);
    }
    waits_free(&waits);
    return r;
}
