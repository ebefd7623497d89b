/*
 * trial_judge.h - the verdict on a trial, from what was seen of it and of the clean run. Pure.
 */
#pragma once

#include "inject/sweep/numbers.h"
#include "inject/sweep/trial.h"

enum { JUDGE_REASON_MAX = 320 };

/* What the command does without a fault. */
struct clean {
    struct seen seen;
    bool output_varies; /* from run to run, even with numbers taken out */
    bool numbers_vary;  /* only its numbers */
    bool messages_vary; /* what it writes to stderr, with numbers taken out */
    number_set varying; /* numbers of its output that do */
};

/* Compares two clean runs: what varies of itself is not held against a trial. */
void judge_clean(struct clean *clean, const struct seen *other);

/* Returns the verdict; `reason` says in one line why. `call` is that of the trial's site, or -1. */
enum verdict judge_trial(const struct clean *clean, const struct trial *trial, int call,
                         const struct seen *seen, char reason[JUDGE_REASON_MAX]);

/* Whether the call can remove an object. */
bool judge_removes(int call);

/* The objects in `left` that the clean run does not leave, one a line; false when there are none. */
bool judge_left(const struct clean *clean, const struct seen *seen, char left[SEEN_LEFT_MAX]);
