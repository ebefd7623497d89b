/*
 * pool.h - runs trials in worker processes and hands what they saw to the sweep. Workers die with it, and a
 * trial's world with its worker, so that nothing outlives a sweep that is killed.
 */
#pragma once

#include "inject/sweep/target.h"

struct pool {
    const struct target *target;
    const struct record *record;       /* of the clean run */
    const struct sweep_result *result; /* the sites that trials are about */
    const struct trial *trials;
    size_t count;
    unsigned jobs;     /* trials at a time, at most 64 ... */
    unsigned sleepers; /* ... with those in which all only sleep */
    bool diagnose;
    uint64_t seed;
    uint64_t deadline; /* monotonic nanoseconds after which no trial begins; 0: none */
    /* Called for each trial that ran, in the order they end. */
    void (*take)(void *context, const struct trial *trial, const struct seen *seen);
    void *context;
    int *signal; /* set to the one that ended it early */
};

/* Returns 0 when all ran, -EINTR when a signal came first, -ETIME when the deadline did, or another -errno.
 */
int pool_run(const struct pool *pool);
