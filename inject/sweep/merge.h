/*
 * merge.h - one result from those of several shards, machines or interrupted runs of the same sweep: same
 * command, engine, seed, plan and sites. Merged shards equal the sweep that was not split, durations aside.
 */
#pragma once

#include "common/array.h"
#include "inject/sweep/json_read.h"
#include "inject/sweep/result.h"

#include <stdint.h>

struct merge {
    struct sweep_result result;
    ARRAY(uint32_t) shards; /* indexes of those added, once they are of one split */
    uint32_t added;
    bool complete; /* every one added was */
};

/*
 * Takes in a result, which is empty then. Sites of the same call and stack are the same one, wherever each
 * result lists it. Of a trial that is in two results the worse outcome counts, and is marked flaky when the
 * verdicts differ. Returns 0, -ENOMEM, or -EINVAL with a reason and both as they were, when they are not of
 * one sweep.
 */
int merge_add(struct merge *merge, struct sweep_result *other, char reason[static JSON_REASON_MAX]);

/* Hands the merged result over, with its findings, and a note about what is missing. Returns 0 or -ENOMEM. */
int merge_finish(struct merge *merge, struct sweep_result *ret_result);

void merge_free(struct merge *merge);
