/* clean_runs.c - see clean_runs.h. */
#include "inject/sweep/clean_runs.h"

#include "common/cleanup.h"
#include "inject/sweep/made.h"
#include "inject/sweep/outcome.h"
#include "inject/sweep/record.h"
#include "inject/sweep/space.h"
#include "inject/sweep/trial_judge.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

enum { RECORD_SLOTS = 8192, MORE_RUNS = 3 };

static int fail(char reason[TARGET_REASON_MAX], int r, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int fail(char reason[TARGET_REASON_MAX], int r, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, TARGET_REASON_MAX, format, arguments);
    va_end(arguments);
    return r;
}

static void add_event(void *context, const struct event *event)
{
    record_add(context, event);
}

static void trace_all(struct plan *plan, struct record *record)
{
    record->plan = plan;
    plan->stacks = 1;
    plan->spaces = 1;
    plan_trace_all(plan);
}

/* One run; without a record only what it writes is wanted. */
static int run_clean(const struct target *target, struct trial_runner *runner, struct record *record,
                     struct seen *seen, char reason[TARGET_REASON_MAX])
{
    struct trial_plan_memory memory;
    struct trial_sink sink = {.take = record ? add_event : NULL, .context = record};
    int r = trial_plan_memory_new(record ? RECORD_SLOTS : 0, &memory);
    if (r < 0)
        return fail(reason, r, "no memory for a plan: %s", strerror(-r));
    struct plan *plan = memory.plan;
    const struct trial_setting setting = {.plan = plan};
    plan->engine = target->engine;
    if (record)
        trace_all(plan, record);
    trial_run(runner, &setting, sink, seen);
    if (seen->error == -ECANCELED)
        r = fail(reason, seen->error, "what --setup says fails");
    else if (seen->error)
        r = fail(reason, seen->error, "no world of its own could be made for it: %s", strerror(-seen->error));
    else if (target->engine == REACH_PRELOAD && !plan->armed && !run_was_ended(&seen->run))
        r = fail(reason, -ENOTSUP, "ran, but did not load the shim; try --engine seccomp");
    else if (plan->lost)
        r = fail(reason, -ENOBUFS, "makes IPC calls faster than they can be recorded");
    if (record) {
        space_end(&record->result->learnt, plan);
        record->plan = NULL;
    }
    trial_plan_memory_free(&memory);
    return r;
}

static int check_clean(const struct seen *seen, char reason[TARGET_REASON_MAX])
{
    const struct run_seen *run = &seen->run;
    if (run->timed_out)
        return fail(reason, -ETIMEDOUT, "does not end by itself");
    if (run->runaway || run->swollen)
        return fail(reason, -ETIMEDOUT,
                    "takes more memory or writes more than a trial may; see --memory-limit");
    if (run->wait_status)
        return fail(reason, -ECANCELED, "fails without any fault (%s %d): %.*s",
                    WIFSIGNALED(run->wait_status) ? "signal" : "status",
                    WIFSIGNALED(run->wait_status) ? WTERMSIG(run->wait_status)
                                                  : WEXITSTATUS(run->wait_status),
                    (int)strcspn(run->err.text, "\n"), run->err.text);
    return seen->check_status ? fail(reason, -ECANCELED, "the check fails without any fault") : 0;
}

/* A record that only compares: what it found goes away with it. */
static int record_again(const struct target *target, struct trial_runner *runner, struct seen *seen,
                        struct sweep_result *result, size_t *ret_sites, char reason[TARGET_REASON_MAX])
{
    CLEANUP(sweep_result_free) struct sweep_result other = {0};
    CLEANUP(record_free) struct record record = {.result = &other, .depth = 1};
    int r = run_clean(target, runner, &record, seen, reason);
    *ret_sites = other.sites.count;
    made_keep_common(result, &other);
    space_keep_common(&result->learnt, &other.learnt);
    return r < 0 ? r : check_clean(seen, reason);
}

static int compare(const struct target *target, struct trial_runner *runner, struct record *record,
                   struct clean *clean, char reason[TARGET_REASON_MAX])
{
    AUTO_FREE struct seen *seen = calloc(1, sizeof(*seen));
    size_t sites;
    int r = seen ? record_again(target, runner, seen, record->result, &sites, reason)
                 : fail(reason, -ENOMEM, "%s", strerror(ENOMEM));
    if (r < 0)
        return r;
    judge_clean(clean, seen);
    for (unsigned more = 0; r == 0 && clean->numbers_vary && more < MORE_RUNS; more++) {
        r = run_clean(target, runner, NULL, seen, reason);
        judge_clean(clean, seen);
    }
    if (r == 0 && sites != record->result->sites.count)
        outcome_note(record->result, "the places that make calls differ from run to run: %zu and %zu",
                     record->result->sites.count, sites);
    return r;
}

int clean_runs(const struct target *target, struct record *record, struct clean *clean,
               char reason[TARGET_REASON_MAX])
{
    struct trial_runner *runner;
    int r = trial_runner_new(target, &runner);
    if (r < 0)
        return fail(reason, r, "%s", strerror(-r));
    r = run_clean(target, runner, record, &clean->seen, reason);
    if (r == 0)
        r = check_clean(&clean->seen, reason);
    if (r == 0 && record->failed)
        r = fail(reason, -ENOMEM, "%s", strerror(ENOMEM));
    if (r == 0)
        r = compare(target, runner, record, clean, reason);
    trial_runner_free(runner);
    return r;
}
