/* outcome.h - makes the lasting form of what a trial showed: strings in the result's arena. */
#pragma once

#include "inject/sweep/trial_judge.h"

/*
 * Judges a trial of the result's plan. False when memory is out. Outputs and stacks are kept for findings
 * only.
 */
bool outcome_judge(struct sweep_result *result, const struct clean *clean, const struct trial *trial,
                   const struct seen *seen, struct outcome *ret_outcome);

/* By number of the trial, for qsort(3) and bsearch(3). */
int outcome_compare(const void *one, const void *other);

/* Adds a line on what the sweep could not do. */
void outcome_note(struct sweep_result *result, const char *format, ...) __attribute__((format(printf, 2, 3)));
