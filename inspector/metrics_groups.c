/* metrics_groups.c - see metrics_groups.h. */
#include "inspector/metrics_groups.h"

#include "common/strbuf.h"
#include "inspector/column.h"
#include "inspector/metrics.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <string.h>

#define MEASURE(name)                                                                         \
    static struct value measure_##name(const struct metrics *metrics __attribute__((unused)), \
                                       const struct object *object __attribute__((unused)),   \
                                       const struct column *column __attribute__((unused)))

/* All columns that are measured are numbers, which need no memory. */
MEASURE(column)
{
    return column_value(column, metrics->look.snapshot, object, &(struct strbuf){0});
}

MEASURE(one)
{
    return value_of(VALUE_NUMBER, 1);
}

MEASURE(stuck)
{
    return value_of(VALUE_NUMBER, metrics->stuck[object->index]);
}

/* 1, or the column, when it is one; otherwise 0, so that a series does not end with the last orphan. */
MEASURE(orphan)
{
    bool orphan = metrics->orphans[object->index];
    return orphan && column ? measure_column(metrics, object, column) : value_of(VALUE_NUMBER, orphan);
}

/* Files may claim to be as large as they like. */
static struct value fold_SUM(struct value a, struct value b)
{
    uint64_t sum;
    return value_of(a.type, __builtin_add_overflow(a.number, b.number, &sum) ? UINT64_MAX : sum);
}

static struct value fold_LARGEST(struct value a, struct value b)
{
    return a.number > b.number ? a : b;
}

const struct object_metric object_metrics[OBJECT_METRIC_COUNT] = {
#define OBJECT_METRIC(name_, unit_, how, argument, folding, each_, help_) \
    {#name_, unit_, help_, argument, measure_##how, fold_##folding, each_},
#define METRIC(name, unit, samples, help)
#include "inspector/metrics.def"
#undef METRIC
#undef OBJECT_METRIC
};

enum kind_index metrics_kind(const struct object *object)
{
    unsigned index = 0;
    while (index < KIND_COUNT - 1 && kinds[index] != object->kind)
        index++;
    return index;
}

struct value metrics_measure(const struct metrics_groups *groups, const struct object *object,
                             enum object_metric_index index)
{
    return object_metrics[index].measure(groups->metrics, object, groups->columns[index]);
}

static void add_object(const struct metrics_groups *groups, const struct object *object, size_t slot)
{
    struct metrics_group *group = &groups->items[metrics_kind(object) * groups->owners + slot];
    for (size_t i = 0; i < OBJECT_METRIC_COUNT; i++) {
        struct value value = metrics_measure(groups, object, i);
        struct value *sum = &group->values[i];
        if (value_known(value))
            *sum = value_known(*sum) ? object_metrics[i].fold(*sum, value) : value;
    }
}

int metrics_groups_make(const struct metrics *metrics, const struct metrics_owners *owners,
                        struct metrics_groups *ret_groups)
{
    const struct snapshot *snapshot = metrics->look.snapshot;
    struct metrics_groups groups = {.metrics = metrics, .owners = metrics_owners_slots(owners)};
    for (size_t i = 0; i < OBJECT_METRIC_COUNT; i++)
        groups.columns[i] = column_find(object_metrics[i].column, strlen(object_metrics[i].column));
    groups.items = calloc(KIND_COUNT * groups.owners, sizeof(*groups.items));
    if (!groups.items)
        return -ENOMEM;
    for (size_t i = 0; i < snapshot->object_count; i++) {
        const struct object *object = snapshot->objects[i];
        if (!object->hidden)
            add_object(&groups, object, metrics_owner_slot(owners, object->fields[FIELD_OWNER]));
    }
    *ret_groups = groups;
    return 0;
}

void metrics_groups_free(struct metrics_groups *groups)
{
    free(groups->items);
    groups->items = NULL;
}
