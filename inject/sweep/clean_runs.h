/* clean_runs.h - the command of a sweep without a fault: what it does, and what of that varies of itself. */
#pragma once

#include "inject/sweep/target.h"

struct clean;
struct record;

/*
 * Runs it twice, and some times more when its output varies. Fills in the record, and what trials are
 * compared with. Returns 0, or -errno with the reason, also when it fails by itself.
 */
int clean_runs(const struct target *target, struct record *record, struct clean *clean,
               char reason[TARGET_REASON_MAX]);
