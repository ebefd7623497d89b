/*
 * waits_look.h - looks at the machine for what waits: two of them, some time apart, tell what is stuck from
 * what just happened to wait.
 */
#pragma once

#include "inspector/finding.h"
#include "inspector/waits.h"
#include "inspector/waits_sample.h"

#include <stdint.h>

struct kernel;
struct snapshot;

/* How far two looks should be apart, in nanoseconds, when nobody says otherwise. */
extern const uint64_t waits_short_while;

struct waits_look {
    struct snapshot *snapshot;
    struct waits waits;
    wait_marks marks;
};

/* Looks at all kinds. Returns 0 or -errno; freed with waits_look_free(). */
int waits_look(struct kernel *kernel, bool all_namespaces, struct waits_look *ret_look);

/* Whether those of the finding that wait for an object of it have all stayed as they were. */
bool waits_look_stayed(const struct waits_look *before, const struct waits_look *now,
                       const struct finding *finding);

/* Sleeps that many nanoseconds. */
void waits_pause(uint64_t nanoseconds);

void waits_look_free(struct waits_look *look);
