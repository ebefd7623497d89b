/* process_table.h - processes as a table, a row each, with totals of what they hold and wait for. */
#pragma once

#include "common/array.h"

#include <stdbool.h>
#include <stdio.h>

struct process;
struct snapshot;

struct process_table {
    const struct snapshot *snapshot;
    ARRAY(const struct process *) processes; /* in the order to be shown */
    bool headings, exact;
};

/* Writes the table; with several processes and headings, a last line with their total. 0 or -errno. */
int process_table_render(const struct process_table *table, FILE *out);
