/*
 * journal.h - the outcomes of a sweep that is under way, kept in FILE.part beside the file its result goes
 * to, so that one that was killed can be taken up again.
 */
#pragma once

#include "inject/sweep/json_read.h"
#include "inject/sweep/trial_plan.h"

struct journal {
    FILE *file; /* NULL when none is kept */
    char *path;
};

/* Begins the journal of a result that goes to `path`; what it has already is written. 0 or -errno. */
int journal_begin(const char *path, const struct sweep_result *result, struct journal *ret_journal);

/* Adds an outcome. What cannot be written is lost with the journal only. */
void journal_add(struct journal *journal, const struct outcome *outcome);

/* The result is safe: removes the journal. */
void journal_end(struct journal *journal);

/*
 * Puts the outcomes that an earlier sweep of the same plan left in FILE.part, or in FILE, into `result`.
 * Their strings are those of `ret_earlier`, which must live as long. Returns 0, also when there is nothing,
 * or -errno with the reason.
 */
int journal_resume(const char *path, const trial_list *trials, struct sweep_result *result,
                   struct sweep_result *ret_earlier, char reason[JSON_REASON_MAX]);
