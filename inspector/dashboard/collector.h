/*
 * collector.h - collects snapshots in a thread of its own, so that input never waits for the kernel. The
 * thread is in the sandbox of sandbox.h; it owns the kernel it reads from. Samples are handed over one at a
 * time and belong to the taker.
 */
#pragma once

#include "probes/object.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct collector;
struct kernel;
struct limits;
struct snapshot;

/* What to collect, and how often. */
struct wish {
    uint64_t kinds; /* KIND_BIT()s */
    unsigned needs; /* NEED_ bits */
    bool all_namespaces;
    bool paused;
    bool limits;   /* read the limits each time, not just now and then */
    bool contents; /* also dump bytes of this object: */
    struct identity subject;
    uint64_t offset;
    uint64_t interval; /* nanoseconds from the start of one collection to that of the next */
};

struct sample {
    struct snapshot *snapshot;
    uint64_t kinds;        /* it was collected with, */
    unsigned needs;        /* and these */
    struct limits *limits; /* NULL: as before */
    char *contents;        /* lines of the dump, or NULL; of */
    struct identity subject;
};

/* Frees what a sample still has. */
void sample_free(struct sample *sample);

/* What tells the thread that started the collector that there is something to take; to be blocked there. */
enum { COLLECTOR_SIGNAL = SIGUSR1 };

/* Starts collecting at once. Takes the kernel over, also when it fails. Returns 0, -ENOMEM or -EAGAIN. */
int collector_start(struct kernel *kernel, const struct wish *wish, struct collector **ret_collector);

/* Changes the wish; what is now wanted in addition is collected at once. */
void collector_wish(struct collector *collector, const struct wish *wish);

/* Collects at once, also when paused. */
void collector_now(struct collector *collector);

/* The newest sample: 1 with it, 0 when there is none yet, or the -errno of a collection that failed. */
int collector_take(struct collector *collector, struct sample *ret_sample);

/* Ends the thread. A collection that hangs in the kernel is left behind rather than waited for. */
void collector_stop(struct collector *collector);
