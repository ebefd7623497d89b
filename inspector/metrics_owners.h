/*
 * metrics_owners.h - the users that labels name. Each user makes a time series of each metric, so there are
 * at most OWNERS_MAX; who comes after these, by uid, is "other".
 */
#pragma once

#include "common/array.h"
#include "probes/value.h"

#include <stddef.h>
#include <sys/types.h>

struct limits;
struct snapshot;

enum { OWNERS_MAX = 100 };

/* Slots: what owners are told apart by. */
enum {
    OWNER_NONE, /* nobody, or not known */
    OWNER_OTHER,
    OWNER_FIRST, /* the first of the named ones */
};

struct metrics_owners {
    ARRAY(uid_t) uids; /* ascending */
};

/* All owners of objects that are listed, and users of limits. Returns 0 or -ENOMEM. */
int metrics_owners_find(const struct snapshot *snapshot, const struct limits *limits,
                        struct metrics_owners *ret_owners);

/* The slot of a VALUE_USER (or none), below metrics_owners_slots(). */
size_t metrics_owner_slot(const struct metrics_owners *owners, struct value user);
size_t metrics_owners_slots(const struct metrics_owners *owners);

/* Values of the labels "uid" and "owner". */
struct value metrics_owner_uid(const struct metrics_owners *owners, size_t slot);
struct value metrics_owner_name(const struct metrics_owners *owners, size_t slot);

void metrics_owners_free(struct metrics_owners *owners);
