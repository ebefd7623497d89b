/*
 * sweep.h - a whole sweep: clean runs, plan, trials, verdicts, and a second look at what is to be reported.
 */
#pragma once

#include "inject/sweep/result.h"
#include "inject/sweep/target.h"
#include "inject/sweep/trial_plan.h"

struct clean;

struct sweep {
    struct target target; /* argv, input, setup, check, shmoo are the caller's to set */
    const char *engine;   /* "auto", ... */
    struct trial_choice choice;
    uint32_t depth; /* occurrences of a site tried, beside the last */
    uint64_t seed;
    unsigned jobs;
    uint64_t budget;        /* nanoseconds for the trials; 0: none */
    unsigned sleepers;      /* with those in which all only sleep */
    uint64_t limit;         /* nanoseconds for one run; 0: from the clean run */
    uint64_t memory;        /* bytes for one run; 0: from the clean run */
    uint32_t shard, shards; /* 1 of 1: all */
    /* Told of each outcome as it comes; done of count. May be NULL. */
    void (*progress)(void *context, const struct sweep_result *result, const struct outcome *outcome,
                     size_t done, size_t count);
    void *context;
    int signal; /* that ended it early, or 0 */
    /* Set by sweep_prepare() */
    struct record record;
    struct clean *clean;
    trial_list trials; /* of this shard */
};

/*
 * Runs the command clean, twice, and plans. Fills in result's clean run, sites and what is planned. Returns
 * 0, or -errno with the reason, which names no command.
 */
int sweep_prepare(struct sweep *sweep, struct sweep_result *result, char reason[TARGET_REASON_MAX]);

/*
 * Runs the trials that result has no outcome of yet, looks again at what would be reported, and clusters. A
 * signal or the budget ends it early: result->complete is then false, and after a signal nothing is looked at
 * again. Returns 0 or -errno.
 */
int sweep_run(struct sweep *sweep, struct sweep_result *result);

void sweep_free(struct sweep *sweep);
