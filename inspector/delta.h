/*
 * delta.h - what changed from one snapshot to the next: pure, by identity. Used by the dashboard's events,
 * rates and highlights.
 */
#pragma once

#include "probes/snapshot.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DELTA_NONE = UINT32_MAX };

/* Bits of what changed: one for each field (by its number), and these. */
#define DELTA_FIELD(field) (UINT64_C(1) << (field))
#define DELTA_USERS        (UINT64_C(1) << 62)
#define DELTA_WAITERS      (UINT64_C(1) << 63)

struct delta {
    const struct snapshot *before, *after;
    uint64_t
        kinds; /* collected both times (bits by position in kinds.def); others neither appear nor vanish */
    uint32_t *previous; /* per object of `after`: its index in `before`, or DELTA_NONE */
    uint64_t *changed;  /* per object of `after`: bits as above */
    uint32_t *vanished; /* objects of `before` that are gone */
    size_t vanished_count;
};

/* Net growth per second, negative when it shrinks; VALUE_NONE where it does not apply or is not known. */
struct rates {
    struct value bytes;       /* VALUE_BYTE_RATE: used, or queued */
    struct value messages;    /* VALUE_RATE: queued */
    struct value attachments; /* VALUE_RATE: mappings the kernel counts, or users */
};

/*
 * Compares two snapshots, which must outlive the result; `before` may be NULL, then nothing is said to have
 * appeared. Returns 0 or -ENOMEM.
 */
int delta_make(const struct snapshot *before, const struct snapshot *after, uint64_t kinds,
               struct delta *ret_delta);

/* Whether an object of `after` appeared since `before`. */
bool delta_appeared(const struct delta *delta, const struct object *object);

/* How fast an object of `after` grows. False when it is new or no time has passed. */
bool delta_rates(const struct delta *delta, const struct object *object, struct rates *ret_rates);

void delta_free(struct delta *delta);
