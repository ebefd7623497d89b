/*
 * stillness.h - whether it is worth walking over all processes again. The walk is what a refresh costs; the
 * kernel's own tables cost a twentieth of it. While those stay the same, the walk is put off so that it takes
 * little of the time, though never for long, because mappings and waits come and go without a trace in the
 * tables.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct kernel;
struct wish;

struct stillness {
    uint64_t digest;             /* of the tables */
    uint64_t walked, walk_takes; /* when the last walk began and how long it took: nanoseconds, monotonic */
};

/* Whether a walk may be put off at the time `now`; looks at the tables to tell. */
bool stillness_holds(struct stillness *stillness, struct kernel *kernel, const struct wish *wish,
                     uint64_t now);
