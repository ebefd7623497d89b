/* process_use.h - what one process does with the objects of a snapshot, added up. Pure. */
#pragma once

#include "probes/edge.h"

#include <stddef.h>
#include <stdint.h>

struct process;
struct snapshot;

struct process_use {
    size_t objects; /* different ones, in any role */
    size_t by_role[EDGE_ROLE_COUNT];
    uint64_t mapped;               /* bytes */
    const struct edge *first_wait; /* or NULL */
};

struct process_use process_use(const struct snapshot *snapshot, const struct process *process);

/* The next edge of a process, in order of objects; `*at` starts as 0. NULL at the end. */
const struct edge *process_next_edge(const struct snapshot *snapshot, const struct process *process,
                                     size_t *at);

/* The process of that pid, or NULL when it has no edge. */
const struct process *process_find(const struct snapshot *snapshot, int pid);
