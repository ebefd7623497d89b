/* metrics_groups.h - what is measured of objects, added up by kind and owner. */
#pragma once

#include "inspector/metrics_owners.h"
#include "probes/kind.h"
#include "probes/object.h"

#include <stdbool.h>

struct column;
struct metrics;

/* The rows OBJECT_METRIC of metrics.def. */
enum object_metric_index {
#define OBJECT_METRIC(name, unit, measure, argument, fold, each, help) OBJECT_METRIC_##name,
#define METRIC(name, unit, samples, help)
#include "inspector/metrics.def"
#undef METRIC
#undef OBJECT_METRIC
    OBJECT_METRIC_COUNT
};

struct object_metric {
    const char *name, *unit, *help;
    const char *column; /* what the row's argument names, "" for none */
    struct value (*measure)(const struct metrics *metrics, const struct object *object,
                            const struct column *column);
    struct value (*fold)(struct value a, struct value b); /* two known values into one */
    bool each;
};

extern const struct object_metric object_metrics[OBJECT_METRIC_COUNT];

/* One for each kind and owner, kinds first; those without objects have no values. */
struct metrics_group {
    struct value values[OBJECT_METRIC_COUNT];
};

struct metrics_groups {
    const struct metrics *metrics;
    const struct column *columns[OBJECT_METRIC_COUNT];
    size_t owners; /* slots; item kind * owners + slot is of that kind and owner */
    struct metrics_group *items;
};

/* Returns 0 or -ENOMEM; freed with metrics_groups_free(). */
int metrics_groups_make(const struct metrics *metrics, const struct metrics_owners *owners,
                        struct metrics_groups *ret_groups);

/* A metric of one object; VALUE_NONE where it does not apply. */
struct value metrics_measure(const struct metrics_groups *groups, const struct object *object,
                             enum object_metric_index index);

/* The index of an object's kind. */
enum kind_index metrics_kind(const struct object *object);

void metrics_groups_free(struct metrics_groups *groups);
