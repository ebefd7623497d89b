/* sweep.c - see sweep.h. */
#include "inject/sweep/sweep.h"

#include "common/cleanup.h"
#include "common/clock.h"
#include "inject/sweep/clean_runs.h"
#include "inject/sweep/outcome.h"
#include "inject/sweep/pool.h"
#include "inject/sweep/second_look.h"
#include "inject/sweep/trial_judge.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const uint64_t second = UINT64_C(1000000000);
static const uint64_t clean_limit = 120 * UINT64_C(1000000000);
static const uint64_t grace = UINT64_C(200000000);
/* Some programs try for so long before they give up, as SQLite does for 10 s. */
static const uint64_t gives_up = 15 * UINT64_C(1000000000);
static const uint64_t memory_usual = UINT64_C(1) << 30;

static int fail(char reason[TARGET_REASON_MAX], int r)
{
    snprintf(reason, TARGET_REASON_MAX, "%s", strerror(-r));
    return r;
}

/* What a trial may take is learnt from the clean run, with room for a busy machine. */
static void choose_limits(struct sweep *sweep, const struct run_seen *clean)
{
    struct target *target = &sweep->target;
    target->limit = sweep->limit ? sweep->limit : second + 5 * clean->duration;
    target->long_limit = sweep->limit ? sweep->limit : target->limit + gives_up;
    target->patience = second / 20 + clean->duration * 3 / 2;
    if (!sweep->memory && target->memory > memory_usual + 10 * clean->memory_peak)
        target->memory = memory_usual + 10 * clean->memory_peak;
}

/* Until more is known: what leaves the machine half of its memory. */
static uint64_t memory_share(unsigned jobs)
{
    return (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE) / 2 / jobs;
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
    sweep->target.memory = sweep->memory ? sweep->memory : memory_share(sweep->jobs);
    sweep->target.patience = UINT64_MAX;
    sweep->target.grace = grace;
    sweep->record = (struct record){.result = result, .depth = sweep->depth};
    r = clean_runs(&sweep->target, &sweep->record, sweep->clean, reason);
    if (r < 0)
        return r;
    choose_limits(sweep, &sweep->clean->seen.run);
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
    bool failed;
};

static void take_first(void *context, const struct trial *trial, const struct seen *seen)
{
    struct running *running = context;
    struct sweep *sweep = running->sweep;
    struct outcome outcome = {0};
    running->failed |= !outcome_judge(running->result, sweep->clean, trial, seen, &outcome);
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

/* Those without an outcome yet, as a new list. */
static int list_open(const struct sweep *sweep, const struct sweep_result *result, trial_list *ret_open)
{
    trial_list open = {0};
    array_each(&sweep->trials, trial)
    {
        const struct outcome key = {.trial = *trial};
        if (result->outcomes.count &&
            bsearch(&key, result->outcomes.items, result->outcomes.count, sizeof(key), outcome_compare))
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
        qsort(result->outcomes.items, result->outcomes.count, sizeof(struct outcome), outcome_compare);
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
                              .sleepers = sweep->sleepers,
                              .seed = sweep->seed,
                              .deadline =
                                  sweep->budget ? clock_nanoseconds(CLOCK_MONOTONIC) + sweep->budget : 0,
                              .take = take_first,
                              .context = &running,
                              .signal = &sweep->signal};
    if (open.count)
        r = pool_run(&pool);
    result->complete = r == 0;
    array_free(&open);
    sort_outcomes(result);
    return running.failed ? -ENOMEM : r == -ETIME ? 0 : r;
}

int sweep_run(struct sweep *sweep, struct sweep_result *result)
{
    int r = run_trials(sweep, result);
    if (r == 0)
        r = second_look(sweep, result);
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
