/*
 * source_process.h - walks /proc/PID of every process once, on two threads, and remembers what some kind
 * wants to see: shared mappings, descriptors, blocked calls.
 */
#pragma once

#include "probes/collection.h"

/* Process details: start, comm, uid and, when asked for, command line, namespaces and container. */
int process_describe(struct kernel *kernel, unsigned needs, const struct kernel_clock *clock,
                     struct arena *arena, pid_t pid, struct process *ret_process);

/*
 * Looks at every process and hands each with something to see to `claim`, in order of pid, on the calling
 * thread. What could not be read becomes coverage.
 */
int source_process_walk(struct collection *collection,
                        void (*claim)(struct collection *collection, struct holder *holder));
