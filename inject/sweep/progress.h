/* progress.h - one line on stderr while a sweep runs, when that is a terminal. */
#pragma once

#include "inject/sweep/result.h"

struct progress {
    bool shown; /* on a terminal */
    uint64_t start;
    uint64_t last;                  /* time of the last line, monotonic nanoseconds */
    unsigned counts[VERDICT_COUNT]; /* of outcomes so far */
};

struct progress progress_start(void);

/* Counts an outcome, and shows how far it is, at most ten times a second. */
void progress_step(struct progress *progress, const struct outcome *outcome, size_t done, size_t count);

/* Takes the line away. */
void progress_end(struct progress *progress);
