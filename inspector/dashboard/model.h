/*
 * model.h - what the dashboard knows: the newest snapshot, what is wrong in it, and what is remembered of
 * each object from one snapshot to the next. Everything a screen shows comes from here.
 */
#pragma once

#include "inspector/dashboard/collector.h"
#include "inspector/dashboard/event.h"
#include "inspector/dashboard/ghost.h"
#include "inspector/delta.h"
#include "inspector/finding.h"
#include "inspector/waits.h"

enum { HISTORY_MAX = 60, HISTORY_SERIES = 3 };

/* Names the series of a history. */
enum series { SERIES_BYTES, SERIES_FILL, SERIES_USERS };

/* What is remembered of an object. */
struct track {
    uint64_t appeared; /* time of the snapshot that showed it first; 0: it was there from the start */
    uint64_t changed_at, changed; /* when what changed last (DELTA_ bits) */
    bool tagged, expanded;
    uint64_t sampled; /* when the last sample was taken */
    size_t samples;
    float history[HISTORY_SERIES][HISTORY_MAX];
};

/* What is worked out from one snapshot. */
struct view {
    struct findings findings;
    const struct finding **finding_of; /* per object, the gravest or NULL */
    struct waits waits;                /* `since`: the first snapshot that showed it, without a break */
    uint32_t *process_edges;           /* edges in order of their processes … */
    uint32_t *first_edge;              /* … where those of each process start, and one past the last */
};

struct model {
    struct snapshot *snapshot; /* NULL before the first */
    uint64_t kinds;            /* it was collected with, */
    unsigned needs;            /* and these */
    struct view view;
    struct track **tracks; /* per object */
    struct rates *rates;   /* per object, since the snapshot before */
    struct limits *limits; /* NULL when they could not be read */
    char *contents;        /* what was dumped, or NULL; of */
    struct identity subject;
    ghost_list ghosts;
    struct events events;
};

/* Takes a sample over. Returns 0 or -ENOMEM, then the model is as before. */
int model_update(struct model *model, struct sample *sample);

/* Whether something of an object (DELTA_ bits) changed a moment ago; whether it is new. */
bool model_changed(const struct model *model, const struct object *object, uint64_t bits);
bool model_is_new(const struct model *model, const struct object *object);

/* The edges of a process: numbers of snapshot edges. */
const uint32_t *model_process_edges(const struct model *model, const struct process *process,
                                    size_t *ret_count);

void model_free(struct model *model);
