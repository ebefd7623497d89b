/*
 * baseline.h - the causes of findings that are known and accepted: a sorted JSON file to keep beside the
 * code.
 *
 *     {"schema":1,"accepted":[{"verdict":"leak","call":"mmap","function":"open_ring","module":"demo","mode":"once"},…]}
 *
 * A cause names no line, error and trial number, so it survives changes elsewhere in the program. A finding
 * is accepted when every one of its trials has an accepted cause.
 */
#pragma once

#include "inject/sweep/json_read.h"
#include "inject/sweep/result.h"

#include <stdio.h>

struct cause {
    uint8_t verdict, mode;
    const char *call, *function, *module, *setting; /* "" when not known or not there */
};

struct baseline {
    struct arena arena;
    ARRAY(struct cause) causes; /* sorted, each once */
};

/*
 * Reads a baseline, which may come from anywhere. Returns 0, -ENOMEM, -EINVAL or what open(2) and read(2)
 * say; then `reason` says why, and ret_baseline is untouched.
 */
int baseline_read(const char *path, struct baseline *ret_baseline, char reason[static JSON_REASON_MAX]);

/* Marks the findings that are accepted. */
void baseline_apply(const struct baseline *baseline, struct sweep_result *result);

/* Adds the causes of all findings, which must live as long as the baseline. Returns 0 or -ENOMEM. */
int baseline_add(struct baseline *baseline, const struct sweep_result *result);

/* Returns 0, -ENOMEM or -EIO. */
int baseline_write(const struct baseline *baseline, FILE *out);

void baseline_free(struct baseline *baseline);

/* A number that stays the same as long as the cause does. */
uint64_t baseline_fingerprint(const struct sweep_result *result, const struct outcome *outcome);
