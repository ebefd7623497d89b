/* leaks_baseline.h - leaks that reports of earlier runs have already. */
#pragma once

#include "inspector/listed.h"

struct leaked;

/* Starts as zeros. */
struct leaks_baseline {
    json_t *objects, *processes; /* arrays, or NULL: none */
};

/*
 * Adds what a report of `leaks --json` has. Returns 0, or STATUS_FAILED after saying on stderr what is
 * wrong with the file.
 */
int leaks_baseline_add(struct leaks_baseline *baseline, const char *path);

/*
 * Whether the leak is known. Objects with a name are known by it and System V objects by their key; those
 * without a key by the call, function and file that made them where both sides tell, and by their number
 * where not: numbers are given in turn, so that one leak more changes those of all that follow.
 */
bool leaks_baseline_has(const struct leaks_baseline *baseline, const struct leaked *leaked);

/* Whether a process was left running that is called so (raw bytes). */
bool leaks_baseline_has_process(const struct leaks_baseline *baseline, const char *comm);

void leaks_baseline_free(struct leaks_baseline *baseline);
