/*
 * changeable_snapshot.h - copies of the snapshot of sample_snapshot.h, whose objects have identities, for
 * tests of what comes from the difference of two: make two, and change one.
 */
#pragma once

#include "tests/unit/sample_snapshot.h"

#include <string.h>

struct changeable {
    struct snapshot snapshot;
    struct object objects[SAMPLE_COUNT];
    const struct object *order[SAMPLE_COUNT];
    struct edge edges[COUNT_OF(sample_edges)];
    uint32_t first_edge[SAMPLE_COUNT + 1];
};

/* Made so many seconds after the sample. It points into itself: not to be copied. */
static inline void changeable_make(struct changeable *made, uint64_t seconds)
{
    memcpy(made->objects, sample_objects, sizeof(sample_objects));
    memcpy(made->edges, sample_edges, sizeof(sample_edges));
    memcpy(made->first_edge, sample_first_edge, sizeof(sample_first_edge));
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        made->objects[i].identity = (struct identity){.space = 7, .number = i + 1, .generation = 100 + i};
        made->order[i] = &made->objects[i];
    }
    made->snapshot = sample;
    made->snapshot.time = SAMPLE_NOW + seconds * SAMPLE_SECOND;
    made->snapshot.objects = made->order;
    made->snapshot.edges = made->edges;
    made->snapshot.first_edge = made->first_edge;
}

/* Takes the last object away, which is the full queue. */
static inline void changeable_drop_last(struct changeable *made)
{
    made->snapshot.object_count--;
}

/* The segment's second process is gone: what it had belongs to the first. */
static inline void changeable_drop_user(struct changeable *made)
{
    for (uint32_t i = made->first_edge[SAMPLE_SEGMENT]; i < made->first_edge[SAMPLE_SEGMENT + 1]; i++)
        made->edges[i].process = 0;
}

/* Nobody waits for the set: who did has it open. */
static inline void changeable_drop_waiter(struct changeable *made)
{
    made->edges[made->first_edge[SAMPLE_SET]].role = EDGE_OPEN;
}
