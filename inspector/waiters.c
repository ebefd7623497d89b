/* waiters.c - see waiters.h. */
#include "inspector/waiters.h"

#include "common/cleanup.h"

#include <errno.h>

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
        if (other->object == waiting->object && (!count || pids[count - 1] != pid))
            pids[count++] = pid;
    }
    return finding_set_pids(findings, finding, pids, count);
}

int waits_each_object(const struct evidence *evidence, struct findings *findings,
                      bool (*concerns)(const struct waits *waits, const struct waiting *waiting),
                      int (*look)(const struct waits *waits, const struct waiting *waiting,
                                  struct findings *findings))
{
    struct waits waits;
    const struct object *last = NULL;
    int r = waits_make(evidence->snapshot, &waits);
    if (r < 0)
        return r;
    array_each(&waits.all, waiting)
    {
        if (r < 0 || waiting->object == last || !concerns(&waits, waiting))
            continue;
        last = waiting->object;
        r = look(&waits, waiting, findings);
    }
    waits_free(&waits);
    return r;
}
