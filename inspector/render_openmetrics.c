/*
 * render_openmetrics.c - all metrics as OpenMetrics. Their table is metrics.def; here is a function for each
 * sort of samples that is not about objects. Labels are few and bounded: a kind and an owner, a limit, a
 * rule.
 */
#include "common/array.h"
#include "common/strbuf.h"
#include "inspector/metrics.h"
#include "inspector/metrics_groups.h"
#include "inspector/openmetrics.h"
#include "probes/kind.h"
#include "probes/limits.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct rendering {
    const struct metrics *metrics;
    struct strbuf *text;
    struct metrics_owners owners;
    struct metrics_groups groups;
};

struct metric {
    const char *name, *unit, *help;
    void (*samples)(struct rendering *rendering, const struct metric *metric);
};

/* Each is a function of a rendering and a metric. */
#define SAMPLES(name) static void samples_##name(struct rendering *rendering, const struct metric *metric)

static void add_sample(struct rendering *rendering, const struct metric *metric,
                       const struct openmetrics_label *labels, size_t count, struct value value)
{
    openmetrics_sample(rendering->text, "", metric->name, labels, count, value);
}

static void add_number(struct rendering *rendering, const struct metric *metric, uint64_t number)
{
    add_sample(rendering, metric, NULL, 0, value_of(VALUE_NUMBER, number));
}

/* --- findings --- */

static uint64_t count_findings(const struct metrics *metrics, const struct rule *rule,
                               enum confidence confidence)
{
    uint64_t count = 0;
    array_each(&metrics->findings.all, finding) count +=
        finding->rule == rule && finding->confidence == confidence;
    return count;
}

SAMPLES(findings)
{
    for (const struct rule *const *rule = rules; *rule; rule++) {
        for (enum confidence sure = CONFIDENCE_HINT; sure <= CONFIDENCE_CERTAIN; sure++) {
            const struct openmetrics_label labels[] = {
                {"rule",       value_word((*rule)->name)        },
                {"confidence", value_word(confidence_name(sure))},
            };
            add_sample(rendering, metric, labels, COUNT_OF(labels),
                       value_of(VALUE_NUMBER, count_findings(rendering->metrics, *rule, sure)));
        }
    }
}

SAMPLES(deadlocks)
{
    uint64_t count = 0;
    array_each(&rendering->metrics->findings.all, finding) count +=
        strcmp(finding->rule->name, "deadlock") == 0;
    add_number(rendering, metric, count);
}

/* --- limits --- */

/* Whether a limit of a user without a label of its own stands for all of these: it is the one nearest its
 * end. */
static bool stands_for_others(const struct rendering *rendering, const struct limit *limit)
{
    const struct limits *limits = rendering->metrics->limits;
    for (size_t i = 0; i < limits->count; i++) {
        const struct limit *other = &limits->items[i];
        if (other == limit || strcmp(other->name, limit->name) != 0 ||
            metrics_owner_slot(&rendering->owners, other->user) != OWNER_OTHER)
            continue;
        uint64_t percent = limit_percent(limit).number, more = limit_percent(other).number;
        if (more > percent || (more == percent && other < limit))
            return false;
    }
    return true;
}

/* Numbers and bytes are families of their own, as each family has one unit. */
static void add_limits(struct rendering *rendering, const struct metric *metric,
                       struct value (*get)(const struct limit *limit))
{
    const struct limits *limits = rendering->metrics->limits;
    enum value_type type = *metric->unit ? VALUE_BYTES : VALUE_NUMBER;
    for (size_t i = 0; i < limits->count; i++) {
        const struct limit *limit = &limits->items[i];
        size_t slot = metrics_owner_slot(&rendering->owners, limit->user);
        struct value value = get(limit);
        if (value.type != type || (slot == OWNER_OTHER && !stands_for_others(rendering, limit)))
            continue;
        const struct openmetrics_label labels[] = {
            {"limit",                                                      value_word(limit->name)},
            {       "place", limit->place ? value_word(limit->place) : (struct value){0}                       },
            {   "uid",                                                       metrics_owner_uid(&rendering->owners,                                                                              slot)},
            { "owner",                                                       metrics_owner_name(&rendering->owners,                                                                              slot)},
        };
        add_sample(rendering, metric, labels, COUNT_OF(labels), value);
    }
}

static struct value use_of(const struct limit *limit)
{
    return limit->use;
}

static struct value maximum_of(const struct limit *limit)
{
    return limit->maximum;
}

SAMPLES(limit_use)
{
    add_limits(rendering, metric, use_of);
}

SAMPLES(limit_maximum)
{
    add_limits(rendering, metric, maximum_of);
}

SAMPLES(shmem)
{
    const struct limits *limits = rendering->metrics->limits;
    for (size_t i = 0; limits->shmem_known && i < SHMEM_PARTS; i++) {
        const struct openmetrics_label label = {"part", value_word(limits->parts[i].name)};
        add_sample(rendering, metric, &label, 1, value_of(VALUE_BYTES, limits->parts[i].bytes));
    }
}

/* --- coverage --- */

SAMPLES(processes)
{
    add_number(rendering, metric, rendering->metrics->look.snapshot->process_count);
}

SAMPLES(visible)
{
    add_number(rendering, metric, rendering->metrics->look.snapshot->all_visible);
}

/* Gaps differ in their place too, which is no label: there may be many. */
static bool is_same_gap(const struct coverage *a, const struct coverage *b)
{
    return strcmp(a->source, b->source) == 0 && a->error == b->error && !a->processes == !b->processes;
}

/* The sum of all gaps like this one, or 0 when an earlier one has told it. */
static uint64_t count_gaps(const struct snapshot *snapshot, size_t first)
{
    const struct coverage *gaps = snapshot->coverage;
    uint64_t count = 0;
    for (size_t i = 0; i < snapshot->coverage_count; i++) {
        if (!is_same_gap(&gaps[i], &gaps[first]))
            continue;
        if (i < first)
            return 0;
        count += gaps[i].processes ? gaps[i].processes : 1;
    }
    return count;
}

static void add_gaps(struct rendering *rendering, const struct metric *metric, bool of_processes)
{
    const struct snapshot *snapshot = rendering->metrics->look.snapshot;
    for (size_t i = 0; i < snapshot->coverage_count; i++) {
        const struct coverage *gap = &snapshot->coverage[i];
        const char *error = strerrorname_np(gap->error);
        uint64_t count = (gap->processes != 0) == of_processes ? count_gaps(snapshot, i) : 0;
        if (!count)
            continue;
        const struct openmetrics_label labels[] = {
            {"source", value_word(gap->source)              },
            {"error",  value_word(error ? error : "unknown")},
        };
        add_sample(rendering, metric, labels, COUNT_OF(labels), value_of(VALUE_NUMBER, count));
    }
}

SAMPLES(unreadable_processes)
{
    add_gaps(rendering, metric, true);
}

SAMPLES(unreadable_places)
{
    add_gaps(rendering, metric, false);
}

/* --- the look itself --- */

SAMPLES(duration)
{
    add_sample(rendering, metric, NULL, 0, value_of(VALUE_DURATION, rendering->metrics->duration));
}

SAMPLES(build_info)
{
    const struct openmetrics_label label = {"version", value_word(SHMOO_VERSION)};
    add_sample(rendering, metric, &label, 1, value_of(VALUE_NUMBER, 1));
}

static const struct metric other_metrics[] = {
#define OBJECT_METRIC(name, unit, measure, column, fold, each, help)
#define METRIC(name_, unit_, sort, help_) {#name_, unit_, help_, samples_##sort},
#include "inspector/metrics.def"
#undef METRIC
#undef OBJECT_METRIC
};

/* --- objects --- */

static void add_groups(struct rendering *rendering, enum object_metric_index index)
{
    const struct metrics_groups *groups = &rendering->groups;
    const struct object_metric *metric = &object_metrics[index];
    openmetrics_family(rendering->text, "", metric->name, metric->unit, metric->help);
    for (size_t i = 0; i < KIND_COUNT * groups->owners; i++) {
        if (!value_known(groups->items[i].values[index]))
            continue;
        const struct openmetrics_label labels[] = {
            {"kind",                                 value_word(kinds[i / groups->owners]->name)},
            { "uid",  metrics_owner_uid(&rendering->owners,                         i % groups->owners)},
            { "owner", metrics_owner_name(&rendering->owners,                         i % groups->owners)},
        };
        openmetrics_sample(rendering->text, "", metric->name, labels, COUNT_OF(labels),
                           groups->items[i].values[index]);
    }
}

static void add_each(struct rendering *rendering, enum object_metric_index index, uint64_t each)
{
    const struct snapshot *snapshot = rendering->metrics->look.snapshot;
    const struct object_metric *metric = &object_metrics[index];
    openmetrics_family(rendering->text, "object_", metric->name, metric->unit, metric->help);
    for (size_t i = 0; i < snapshot->object_count; i++) {
        const struct object *object = snapshot->objects[i];
        if (object->hidden || !(each & UINT64_C(1) << metrics_kind(object)))
            continue;
        size_t slot = metrics_owner_slot(&rendering->owners, object->fields[FIELD_OWNER]);
        const struct openmetrics_label labels[] = {
            {"object",                        value_word(object->label)},
            {       "kind", value_word(object->kind->name)                         },
            {   "uid",                          metrics_owner_uid(&rendering->owners,                                                   slot)},
            { "owner",                          metrics_owner_name(&rendering->owners,                                                   slot)},
        };
        openmetrics_sample(rendering->text, "object_", metric->name, labels, COUNT_OF(labels),
                           metrics_measure(&rendering->groups, object, index));
    }
}

static void add_all(struct rendering *rendering, uint64_t each)
{
    for (size_t i = 0; i < OBJECT_METRIC_COUNT; i++)
        add_groups(rendering, i);
    for (size_t i = 0; each && i < OBJECT_METRIC_COUNT; i++)
        if (object_metrics[i].each)
            add_each(rendering, i, each);
    for (size_t i = 0; i < COUNT_OF(other_metrics); i++) {
        const struct metric *metric = &other_metrics[i];
        openmetrics_family(rendering->text, "", metric->name, metric->unit, metric->help);
        metric->samples(rendering, metric);
    }
    openmetrics_end(rendering->text);
}

int metrics_render(const struct metrics *metrics, uint64_t each, struct strbuf *text)
{
    struct rendering rendering = {.metrics = metrics, .text = text};
    int r = metrics_owners_find(metrics->look.snapshot, metrics->limits, &rendering.owners);
    if (r == 0)
        r = metrics_groups_make(metrics, &rendering.owners, &rendering.groups);
    if (r == 0) {
        add_all(&rendering, each);
        r = text->failed ? -ENOMEM : 0;
    }
    metrics_groups_free(&rendering.groups);
    metrics_owners_free(&rendering.owners);
    return r;
}

void metrics_print_help(void)
{
    printf("\nMetrics:\n");
    for (size_t i = 0; i < OBJECT_METRIC_COUNT; i++)
        printf("  shmoo_%-24s %s\n", object_metrics[i].name, object_metrics[i].help);
    for (size_t i = 0; i < COUNT_OF(other_metrics); i++)
        printf("  shmoo_%-24s %s\n", other_metrics[i].name, other_metrics[i].help);
}
