/* leaks_left.h - processes that a command left running, and what they have of objects. */
#pragma once

#include "inspector/leaks_report.h"

struct kernel;

/* Kinds whose objects a process that was left running holds, and that say something about it. */
uint64_t leaks_left_kinds(void);

/* Lists the descendants that are still running. Returns 0 or -errno. */
int leaks_left_list(struct leaks_report *report, struct kernel *kernel);

/*
 * Adds what each holds, by report->snapshot; which of it came across exec unasked, by report->attribution.
 * Standard input, output and error are everybody's and left out. Returns 0 or -ENOMEM.
 */
int leaks_left_holdings(struct leaks_report *report, struct kernel *kernel);
