/*
 * source_process.h - walks /proc/PID of every process once, on two threads, and remembers what some kind
 * wants to see: shared mappings, descriptors, blocked calls.
 */
#pragma once

#include "probes/collection.h"

struct process_walk;

/*
 * Begins to look at every process, on a thread of its own: what kinds enumerate meanwhile costs no extra
 * time. Needs nothing of the collection but its request and mounts, which must not change until it is
 * finished.
 */
int source_process_start(struct collection *collection, struct process_walk **ret_started);

/*
 * Looks at the rest, then hands each process with something to see to `claim`, in order of pid, on the
 * calling thread. What could not be read becomes coverage. Frees the walk; without `claim` that is all it
 * does.
 */
int source_process_finish(struct collection *collection, struct process_walk *started,
                          void (*claim)(struct collection *collection, struct holder *holder));
