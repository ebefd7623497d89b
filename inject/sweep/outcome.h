/* outcome.h - makes the lasting form of what a trial showed: strings in the result's arena. */
#pragma once

#include "inject/sweep/trial_judge.h"

/* False when memory is out. Outputs and stacks are kept for findings only. */
bool outcome_fill(struct sweep_result *result, const struct trial *trial, enum verdict verdict,
                  const char *reason, const char *left, const struct seen *seen, struct outcome *ret_outcome);

/* Adds a line on what the sweep could not do. */
void outcome_note(struct sweep_result *result, const char *format, ...) __attribute__((format(printf, 2, 3)));
