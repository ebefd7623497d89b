/* trace_summary.h - counts of traced calls: per call, per object and per call site. */
#pragma once

#include "inject/plan.h"

#include <stdio.h>

struct call_sites;
struct trace_summary;

/* NULL when memory is out. `sites` must live as long. */
struct trace_summary *trace_summary_new(struct call_sites *sites);
void trace_summary_free(struct trace_summary *summary);

/* Returns 0 or -ENOMEM. */
int trace_summary_add(struct trace_summary *summary, const struct event *event);

/* Prints the three tables, the slowest first. */
void trace_summary_print(struct trace_summary *summary, FILE *file);
