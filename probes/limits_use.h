/*
 * limits_use.h - how much of a limit is used: counted in a snapshot, by kind or by user. Private to limits.
 */
#pragma once

#include "common/array.h"
#include "probes/kind.h"
#include "probes/object.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct kernel;
struct snapshot;

struct use {
    uint64_t number;
    bool none;    /* there is nothing to count */
    bool partial; /* some of it may not be read */
};

struct counting {
    struct kernel *kernel;
    const struct snapshot *snapshot;
    const struct kind *kind;
    enum field field;
    uint64_t scale; /* each object counts for a multiple of it */
};

/* The functions that rows of limits.def name: they count objects of our own ipc namespace only. */
typedef struct use use_function(const struct counting *counting);
use_function use_objects, use_sum, use_largest, use_files, use_nothing;

/* What a user uses; limits are the lowest of the user's processes, UINT64_MAX is unlimited. */
struct user_use {
    uid_t uid;
    bool reader;              /* the user who asks */
    bool partial;             /* some pipe or queue of the user may not be read */
    uint64_t pipes;           /* bytes */
    uint64_t queues, signals; /* bytes; signals */
    uint64_t queues_limit, signals_limit;
};

struct user_uses {
    ARRAY(struct user_use) items;
};

/* Adds up everything by user. Returns 0 or -ENOMEM. */
int limits_count_users(struct kernel *kernel, const struct snapshot *snapshot, struct user_uses *uses);
