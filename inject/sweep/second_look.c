/*
 * second_look.c - see second_look.h. Looking changes what stands for a finding, so it goes on until all that
 * do have been looked at.
 */
#include "inject/sweep/second_look.h"

#include "common/cleanup.h"
#include "inject/sweep/outcome.h"
#include "inject/sweep/pool.h"

#include <errno.h>
#include <stdlib.h>

enum { LOOKS_MAX = 2 };

/* What came of looking at an outcome again. */
struct look {
    unsigned count; /* LOOKS_MAX are enough */
    bool slow;      /* a hang that ended after all */
    bool suspect;   /* likely one, too */
};

struct looking {
    struct sweep *sweep;
    struct sweep_result *result;
    struct look *looks; /* one for each outcome */
    bool failed;
};

/*
 * What is seen twice is reported; of three different looks, the last one decides and it is marked flaky. A
 * hang that ends after all casts doubt on the others of its finding, which nobody waited for so long either.
 */
static void take_again(void *context, const struct trial *trial, const struct seen *seen)
{
    struct looking *looking = context;
    struct sweep_result *result = looking->result;
    const struct outcome key = {.trial = *trial};
    struct outcome again = {0};
    struct outcome *before =
        bsearch(&key, result->outcomes.items, result->outcomes.count, sizeof(key), outcome_compare);
    looking->failed |= !outcome_judge(result, looking->sweep->clean, trial, seen, &again);
    if (!before)
        return;
    struct look *look = &looking->looks[before - result->outcomes.items];
    bool same = before->verdict == again.verdict;
    bool slow = before->verdict == VERDICT_hang && !same;
    look->count += same ? LOOKS_MAX : 1;
    look->slow = slow;
    again.flaky = before->flaky || (!same && !slow);
    *before = again;
}

/* What stands for a finding, and all of a finding that a hang is in which has ended after all. */
static bool is_doubtful(const struct looking *looking, const struct finding_cluster *finding, uint32_t member)
{
    const struct look *look = &looking->looks[member];
    return look->count < LOOKS_MAX && (member == finding->first || look->suspect);
}

static int list_doubtful(const struct looking *looking, trial_list *ret_doubtful)
{
    const struct sweep_result *result = looking->result;
    array_each(&result->findings, finding)
    {
        for (uint32_t index = 0; index < finding->member_count; index++) {
            uint32_t member = finding->members[index];
            if (!is_doubtful(looking, finding, member))
                continue;
            struct trial *slot = array_push(ret_doubtful);
            if (!slot)
                return -ENOMEM;
            *slot = result->outcomes.items[member].trial;
        }
    }
    return 0;
}

/* Those that were one finding with a hang that ended: all are from the same place. */
static void suspect_others(struct looking *looking)
{
    const struct sweep_result *result = looking->result;
    array_each(&result->outcomes, slow)
    {
        if (!looking->looks[slow - result->outcomes.items].slow)
            continue;
        array_each(&result->outcomes, outcome)
        {
            if (outcome->verdict == VERDICT_hang &&
                outcome_site(result, outcome) == outcome_site(result, slow))
                looking->looks[outcome - result->outcomes.items].suspect = true;
        }
    }
}

/* Looks again, with a debugger's eyes. A look may change what stands for a finding: -EAGAIN until it is done.
 */
static int look_again(struct looking *looking)
{
    struct sweep *sweep = looking->sweep;
    trial_list doubtful = {0};
    int r = cluster_findings(looking->result);
    if (r == 0)
        r = list_doubtful(looking, &doubtful);
    const struct pool pool = {.target = &sweep->target,
                              .record = &sweep->record,
                              .result = looking->result,
                              .trials = doubtful.items,
                              .count = doubtful.count,
                              .jobs = sweep->jobs,
                              .sleepers = sweep->sleepers,
                              .diagnose = true,
                              .seed = sweep->seed,
                              .take = take_again,
                              .context = looking,
                              .signal = &sweep->signal};
    if (r == 0 && doubtful.count) {
        r = pool_run(&pool);
        suspect_others(looking);
        r = looking->failed ? -ENOMEM : r < 0 ? r : -EAGAIN;
    }
    array_free(&doubtful);
    return r;
}

int second_look(struct sweep *sweep, struct sweep_result *result)
{
    AUTO_FREE struct look *looks = calloc(result->outcomes.count + 1, sizeof(*looks));
    struct looking looking = {.sweep = sweep, .result = result, .looks = looks};
    int r = looks ? -EAGAIN : -ENOMEM;
    while (r == -EAGAIN)
        r = look_again(&looking);
    return r;
}
