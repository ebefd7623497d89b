/*
 * blame.h - which call fails first when surroundings are short of something. Fed with the failed calls of a
 * trial, by the preload shim: the seccomp engine sees no results.
 */
#pragma once

#include "inject/sweep/record.h"
#include "inject/sweep/trial.h"

struct blame {
    const struct record *record; /* what fails in the clean run is not to blame */
    const struct plan *plan;     /* names the modules in events */
    struct blame_seen *seen;     /* gets the call; zeroed */
};

/* Has every call logged that fails. */
void blame_watch(struct plan *plan);

/* Takes one event. The context is a struct blame. */
void blame_take(void *context, const struct event *event);
