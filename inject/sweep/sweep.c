/* sweep.c - see sweep.h. */
#include "inject/sweep/sweep.h"

#include "common/cleanup.h"
#include "common/clock.h"
#include "inject/sweep/clean_runs.h"
#include "inject/sweep/outcome.h"
#include "inject/sweep/pool.h"
#include "inject/sweep/trial_judge.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

enum { LOOKS_MAX = 2 };

static const uint64_t second = UINT64_C(1000000000);
static const uint64_t clean_limit = 120 * UINT64_C(1000000000);
static const uint64_t grace = UINT64_C(200000000);

static int fail(char reason[TARGET_REASON_MAX], int r)
{
    snprintf(reason, TARGET_REASON_MAX, "%s", strerror(-r));
    return r;
}

/* Ten times what it takes, and a second for a busy machine. */
static uint64_t choose_limit(const struct sweep *sweep, const struct clean *clean)
{
    return sweep->limit ? sweep->limit : second + 10 * clean->seen.run.duration;
}

static void take_shard(struct sweep *sweep)
{
    size_t kept = 0;
    for (size_t index = 0; index < sweep->trials.count; index++)
        if (index % sweep->shards == sweep->shard - 1)
            sweep->trials.items[kept++] = sweep->trials.items[index];
    sweep->trials.count = kept;
}

int sweep_prepare(struct sweep *sweep, struct sweep_result *result, char reason[TARGET_REASON_MAX])
{
    sigprocmask(SIG_SETMASK, NULL, &sweep->target.signals);
    sweep->target.learnt = &result->learnt;
    int r = target_prepare(&sweep->target, sweep->engine, reason);
    sweep->clean = r < 0 ? NULL : calloc(1, sizeof(*sweep->clean));
    if (r < 0 || !sweep->clean)
        return r < 0 ? r : fail(reason, -ENOMEM);
    sweep->target.limit = sweep->limit ? sweep->limit : clean_limit;
    sweep->target.patience = UINT64_MAX;
    sweep->target.grace = grace;
    sweep->record = (struct record){.result = result, .depth = sweep->depth};
    r = clean_runs(&sweep->target, &sweep->record, sweep->clean, reason);
    if (r < 0)
        return r;
    sweep->target.limit = choose_limit(sweep, sweep->clean);
    sweep->target.patience = second / 20 + sweep->clean->seen.run.duration * 3 / 2;
    sweep->target.paths = sweep->record.paths.items;
    sweep->choice.engine = sweep->target.engine;
    r = record_resolve(&sweep->record);
    if (r == 0)
        r = trial_plan_make(&sweep->record, &sweep->choice, &sweep->trials);
    if (r < 0)
        return fail(reason, r);
    result->engine = sweep->target.engine == REACH_PRELOAD ? "preload" : "seccomp";
    result->seed = sweep->seed;
    result->shard = sweep->shard;
    result->shards = sweep->shards;
    result->planned = (uint32_t)sweep->trials.count;
    result->clean.status = WEXITSTATUS(sweep->clean->seen.run.wait_status);
    result->clean.duration = sweep->clean->seen.run.duration;
    result->clean.output_varies = sweep->clean->output_varies;
    result->clean.left =
        sweep->clean->seen.left[0] ? arena_string(&result->arena, sweep->clean->seen.left) : NULL;
    take_shard(sweep);
    return 0;
}

/* --- the trials --- */

struct running {
    struct sweep *sweep;
    struct sweep_result *result;
    size_t done, count;
    unsigned *looks; /* taken again at each outcome; LOOKS_MAX are enough */
    bool failed;
};

static void judge(struct running *running, const struct trial *trial, const struct seen *seen,
                  struct outcome *ret_outcome)
{
    const struct sweep_result *result = running->result;
    char reason[JUDGE_REASON_MAX] = "";
    char left[SEEN_LEFT_MAX] = "";
    int call = trial->site < 0 ? -1 : result->sites.items[trial->site].call;
    enum verdict verdict = judge_trial(running->sweep->clean, trial, call, seen, reason);
    judge_left(running->sweep->clean, seen, left);
    if (!outcome_fill(running->result, trial, verdict, reason, left, seen, ret_outcome))
        running->failed = true;
}

static void take_first(void *context, const struct trial *trial, const struct seen *seen)
{
    struct running *running = context;
    struct sweep *sweep = running->sweep;
    struct outcome outcome = {0};
    judge(running, trial, seen, &outcome);
    struct outcome *slot = array_push(&running->result->outcomes);
    if (!slot) {
        running->failed = true;
        return;
    }
    *slot = outcome;
    running->done++;
    if (sweep->progress)
        sweep->progress(sweep->context, running->result, slot, running->done, running->count);
}

static int compare_outcomes(const void *one, const void *other)
{
    const struct outcome *a = one;
    const struct outcome *b = other;
    return a->trial.number < b->trial.number ? -1 : a->trial.number > b->trial.number;
}

/* Those without an outcome yet, as a new list. */
static int list_open(const struct sweep *sweep, const struct sweep_result *result, trial_list *ret_open)
{
    trial_list open = {0};
    array_each(&sweep->trials, trial)
    {
        const struct outcome key = {.trial = *trial};
        if (result->outcomes.count &&
            bsearch(&key, result->outcomes.items, result->outcomes.count, sizeof(key), compare_outcomes))
            continue;
        struct trial *slot = array_push(&open);
        if (!slot) {
            array_free(&open);
            return -ENOMEM;
        }
        *slot = *trial;
    }
    *ret_open = open;
    return 0;
}

static void sort_outcomes(struct sweep_result *result)
{
    if (result->outcomes.count)
        qsort(result->outcomes.items, result->outcomes.count, sizeof(struct outcome), compare_outcomes);
}

static int run_trials(struct sweep *sweep, struct sweep_result *result)
{
    trial_list open = {0};
    sort_outcomes(result);
    int r = list_open(sweep, result, &open);
    if (r < 0)
        return r;
    struct running running = {.sweep = sweep, .result = result, .count = open.count};
    const struct pool pool = {.target = &sweep->target,
                              .record = &sweep->record,
                              .result = result,
                              .trials = open.items,
                              .count = open.count,
                              .jobs = sweep->jobs,
                              .seed = sweep->seed,
                              .deadline =
                                  sweep->budget ? clock_nanoseconds(CLOCK_MONOTONIC) + sweep->budget : 0,
                              .take = take_first,
                              .context = &running};
    if (open.count)
        r = pool_run(&pool);
    result->complete = r == 0;
    array_free(&open);
    sort_outcomes(result);
    return running.failed ? -ENOMEM : r == -EINTR ? 0 : r;
}

/* --- the second look --- */

/* What is seen twice is reported; of three different looks, the last one decides and it is marked flaky. */
static void take_again(void *context, const struct trial *trial, const struct seen *seen)
{
    struct running *running = context;
    struct sweep_result *result = running->result;
    const struct outcome key = {.trial = *trial};
    struct outcome again = {0};
    struct outcome *before =
        bsearch(&key, result->outcomes.items, result->outcomes.count, sizeof(key), compare_outcomes);
    judge(running, trial, seen, &again);
    if (!before)
        return;
    bool same = before->verdict == again.verdict;
    running->looks[before - result->outcomes.items] += same ? LOOKS_MAX : 1;
    again.flaky = before->flaky || !same;
    *before = again;
}

/* What stands for a finding and has not been looked at enough. */
static int list_doubtful(const struct sweep_result *result, const unsigned *looks, trial_list *ret_doubtful)
{
    array_each(&result->findings, finding)
    {
        if (looks[finding->first] >= LOOKS_MAX)
            continue;
        struct trial *slot = array_push(ret_doubtful);
        if (!slot)
            return -ENOMEM;
        *slot = result->outcomes.items[finding->first].trial;
    }
    return 0;
}

/* Looks again, with a debugger's eyes. A look may change what stands for a finding: -EAGAIN until it is done.
 */
static int look_again(struct running *running)
{
    struct sweep *sweep = running->sweep;
    trial_list doubtful = {0};
    int r = cluster_findings(running->result);
    if (r == 0)
        r = list_doubtful(running->result, running->looks, &doubtful);
    const struct pool pool = {.target = &sweep->target,
                              .record = &sweep->record,
                              .result = running->result,
                              .trials = doubtful.items,
                              .count = doubtful.count,
                              .jobs = sweep->jobs,
                              .diagnose = true,
                              .seed = sweep->seed,
                              .take = take_again,
                              .context = running};
    if (r == 0 && doubtful.count) {
        r = pool_run(&pool);
        r = running->failed ? -ENOMEM : r < 0 ? r : -EAGAIN;
    }
    array_free(&doubtful);
    return r;
}

static int confirm_findings(struct sweep *sweep, struct sweep_result *result)
{
    AUTO_FREE unsigned *looks = calloc(result->outcomes.count + 1, sizeof(*looks));
    struct running running = {.sweep = sweep, .result = result, .looks = looks};
    int r = looks ? -EAGAIN : -ENOMEM;
    while (r == -EAGAIN)
        r = look_again(&running);
    return r;
}

int sweep_run(struct sweep *sweep, struct sweep_result *result)
{
    int r = run_trials(sweep, result);
    if (r == 0)
        r = confirm_findings(sweep, result);
    if (r == -EINTR) {
        result->complete = false;
        r = cluster_findings(result);
    }
    return r;
}

void sweep_free(struct sweep *sweep)
{
    record_free(&sweep->record);
    array_free(&sweep->trials);
    target_free(&sweep->target);
    free(sweep->clean);
}
