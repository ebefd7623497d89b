/*
 * patience.h - when waiting for a command of a trial is over: its time is up, it took too much, or nothing in
 * its world can move any more. For the first process of that world.
 */
#pragma once

#include "inject/sweep/trial_runner.h"

struct patience {
    struct trial_runner *runner;
    struct run_seen *run; /* says why it is over */
    uint64_t start, limit;
    uint64_t next_look;
    unsigned still; /* looks in a row that found nothing moving ... */
    unsigned idle;  /* ... and nothing that will */
    bool certain;   /* that it waits for ever */
};

/* Begins with the run. */
struct patience patience_start(struct trial_runner *runner, struct run_seen *run);

/*
 * True when it is over; the run then has timed_out, runaway or swollen, and under diagnosis it is known what
 * a hang waits for. To be asked every few milliseconds.
 */
bool patience_ended(struct patience *patience);
