/*
 * result_json.h - the result of a sweep as a file: one JSON document, described in shmoo-json(5), or while
 * the sweep runs a journal, to which every trial is added when it is done.
 *
 * Strings from outside are written in the reversible form of common/escape.h. Findings are written for
 * other programs; when a file is read they are made anew from the outcomes.
 */
#pragma once

#include "inject/sweep/json_read.h"
#include "inject/sweep/result.h"

#include <stdio.h>

struct strbuf;

/* Writes the document, with the findings as they are. Returns 0, -ENOMEM or -EIO. */
int result_write(const struct sweep_result *result, FILE *out);

/*
 * The journal: a line for what is known before the first trial (command, engine, seed, planned, shard, clean
 * run, sites; no outcomes, notes and findings), then a line for each outcome, in any order. Each is
 * given to `out` as a whole and flushed. Returns 0, -ENOMEM or -EIO.
 */
int result_write_header(const struct sweep_result *result, FILE *out);
int result_write_outcome(const struct outcome *outcome, FILE *out);

/*
 * Reads such a file, which may come from anywhere. ret_result gets outcomes sorted by trial number, findings
 * made of them, and the path as its `file`; it is to be freed with sweep_result_free(). Returns 0, -ENOMEM,
 * -EINVAL (not a result) or what open(2) and read(2) say; then `reason` has one line that says why.
 */
int result_read(const char *path, struct sweep_result *ret_result, char reason[static JSON_REASON_MAX]);

/* The same of a document in memory; `file` stays NULL. */
int result_parse(const char *text, size_t length, struct sweep_result *ret_result,
                 char reason[static JSON_REASON_MAX]);

/* Reads a journal. A last line that was torn off is left out; of a trial that is there twice, the later
 * counts. */
int result_read_journal(const char *path, struct sweep_result *ret_result,
                        char reason[static JSON_REASON_MAX]);
int result_parse_journal(const char *text, size_t length, struct sweep_result *ret_result,
                         char reason[static JSON_REASON_MAX]);

/* Appends "shmoo replay FILE:ID", quoted for a shell; the word FILE where the result is in none. */
void result_add_replay(struct strbuf *buffer, const struct sweep_result *result, uint32_t id);
