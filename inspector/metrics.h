/* metrics.h - one look at the machine with all that `shmoo metrics` tells of it. */
#pragma once

#include "inspector/finding.h"
#include "inspector/waits_look.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kernel;
struct limits;
struct source_options;
struct strbuf;

struct metrics {
    struct waits_look look; /* its snapshot is what everything is about */
    struct limits *limits;
    struct findings findings; /* those about waits that stayed, and all others */
    uint32_t *stuck;          /* of each object: threads whose wait for it can never end, for certain */
    bool *orphans;            /* of each object: it is likely to be one */
    uint64_t duration;        /* nanoseconds it took */
};

/*
 * Looks once, and again after a moment when something seems to be stuck. Returns 0 or -errno; freed with
 * metrics_free().
 */
int metrics_collect(struct kernel *kernel, const struct source_options *source, struct metrics *ret_metrics);

void metrics_free(struct metrics *metrics);

/* Appends them as OpenMetrics, with each object of the kinds (KIND_BIT()s) in `each`. Returns 0 or -ENOMEM.
 */
int metrics_render(const struct metrics *metrics, uint64_t each, struct strbuf *text);

/* Prints the table of metrics for the help of the command. */
void metrics_print_help(void);
