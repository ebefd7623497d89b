/* waits_table.h - waits as a table, and the words for what they are. */
#pragma once

#include "inspector/waits.h"

#include <stdio.h>

/* "open", "likely", "certain". */
const char *wait_fate_name(enum wait_fate fate);

/* Writes the table; nothing when there are no waits. Returns 0 or -errno. */
int waits_table_render(const struct waits *waits, bool headings, FILE *out);
