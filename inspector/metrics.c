/*
 * metrics.c - see metrics.h. A scrape should cost one look; only where a wait seems to be stuck does it take
 * the second one which tells whether it is.
 */
#include "inspector/metrics.h"

#include "common/clock.h"
#include "inspector/source.h"
#include "probes/collect.h"
#include "probes/kernel.h"
#include "probes/limits.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <string.h>

static bool something_seems_stuck(const struct metrics *metrics)
{
    array_each(&metrics->look.waits.all, waiting)
    {
        if (waiting->fate != FATE_OPEN)
            return true;
    }
    array_each(&metrics->findings.all, finding)
    {
        if (finding->rule->stuck)
            return true;
    }
    return false;
}

static int find(struct metrics *metrics)
{
    struct evidence evidence = {
        .snapshot = metrics->look.snapshot, .needs = NEED_ALL, .limits = metrics->limits};
    return findings_find(&evidence, &metrics->findings);
}

static void keep_stayed(struct metrics *metrics, const struct waits_look *before)
{
    size_t kept = 0;
    array_each(&metrics->findings.all, finding)
    {
        if (!finding->rule->stuck || waits_look_stayed(before, &metrics->look, finding))
            metrics->findings.all.items[kept++] = *finding;
    }
    metrics->findings.all.count = kept;
}

static void free_look(struct metrics *metrics)
{
    findings_free(&metrics->findings);
    limits_free(metrics->limits);
    waits_look_free(&metrics->look);
}

static int look(struct kernel *kernel, const struct source_options *source, struct metrics *metrics)
{
    int r = waits_look(kernel, source->all_namespaces, &metrics->look);
    if (r == 0)
        r = limits_read(kernel, metrics->look.snapshot, &metrics->limits);
    return r < 0 ? r : find(metrics);
}

/* `before` is the first of two looks, NULL when there was but one. */
static int count_of_objects(struct metrics *metrics, const struct waits_look *before)
{
    size_t count = metrics->look.snapshot->object_count + 1;
    metrics->stuck = calloc(count, sizeof(*metrics->stuck));
    metrics->orphans = calloc(count, sizeof(*metrics->orphans));
    if (!metrics->stuck || !metrics->orphans)
        return -ENOMEM;
    array_each(&metrics->look.waits.all, waiting)
    {
        if (waiting->fate == FATE_CERTAIN &&
            (!before || wait_has_stayed(&before->marks, &metrics->look.marks, waiting)))
            metrics->stuck[waiting->object->index]++;
    }
    array_each(&metrics->findings.all, finding)
    {
        if (strcmp(finding->rule->name, "orphan") == 0 && finding->confidence >= CONFIDENCE_LIKELY)
            metrics->orphans[finding->objects[0]->index] = true;
    }
    return 0;
}

/* A recording never moves: it is one look. */
static int look_as_often_as_needed(struct kernel *kernel, const struct source_options *source,
                                   struct metrics *metrics)
{
    int r = look(kernel, source, metrics);
    if (r < 0)
        return r;
    if (source->recording || !something_seems_stuck(metrics))
        return count_of_objects(metrics, NULL);
    struct metrics first = *metrics;
    *metrics = (struct metrics){0};
    waits_pause(waits_short_while);
    r = look(kernel, source, metrics);
    if (r == 0) {
        keep_stayed(metrics, &first.look);
        r = count_of_objects(metrics, &first.look);
    }
    free_look(&first);
    return r;
}

int metrics_collect(struct kernel *kernel, const struct source_options *source, struct metrics *ret_metrics)
{
    struct metrics metrics = {0};
    uint64_t start = clock_nanoseconds(CLOCK_MONOTONIC);
    int r = look_as_often_as_needed(kernel, source, &metrics);
    if (r < 0) {
        metrics_free(&metrics);
        return r;
    }
    metrics.duration = clock_nanoseconds(CLOCK_MONOTONIC) - start;
    *ret_metrics = metrics;
    return 0;
}

void metrics_free(struct metrics *metrics)
{
    free_look(metrics);
    free(metrics->stuck);
    free(metrics->orphans);
}
