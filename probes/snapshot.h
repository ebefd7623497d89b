/*
 * snapshot.h - all that was found at one moment: objects, processes, the edges between them, and coverage.
 * Immutable once collected, and independent of the machine it came from.
 */
#pragma once

#include "common/arena.h"
#include "probes/coverage.h"
#include "probes/edge.h"
#include "probes/object.h"
#include "probes/process.h"

#include <stdbool.h>
#include <stddef.h>

/* A pid that some object remembers, and the process that has it now. */
struct known_pid {
    pid_t pid;
    uint64_t start;    /* nanoseconds since 1970; 0 when there is no such process */
    struct value comm; /* of the process */
};

/* A shared memory file system that is looked at. */
struct shm_mount {
    const char *path;      /* relative to / */
    const char *point;     /* the same as processes that have it mounted there see it, with the leading / */
    const char *container; /* NULL: our own */
    uint32_t major, minor;
};

struct snapshot {
    struct arena arena; /* owns every string and array below */
    uint64_t time;      /* nanoseconds since 1970 */
    uint64_t ipc_namespace;
    uint64_t pid_namespace;              /* of the reader: pids are as seen there; 0 when not known */
    bool all_visible;                    /* no process of this pid namespace is hidden from this user */
    bool all_namespaces;                 /* other ipc namespaces and containers were looked into */
    const struct object *const *objects; /* by kind, then by label */
    size_t object_count;
    const struct process *processes; /* those with an edge, by pid */
    size_t process_count;
    const struct edge *edges; /* by object, then process, then role */
    size_t edge_count;
    const uint32_t *first_edge; /* per object, and one past the last */
    const struct coverage *coverage;
    size_t coverage_count;
    const struct known_pid *known_pids; /* by pid */
    size_t known_pid_count;
    const struct shm_mount *shm_mounts;
    size_t shm_mount_count;
};

/* The edges of an object; their number goes to ret_count. */
const struct edge *snapshot_edges(const struct snapshot *snapshot, const struct object *object,
                                  size_t *ret_count);

/* How many different processes have an edge of that role; EDGE_ROLE_COUNT counts any role. */
size_t snapshot_users(const struct snapshot *snapshot, const struct object *object, enum edge_role role);

/* The object of that label, or NULL. */
const struct object *snapshot_find(const struct snapshot *snapshot, const char *label);

/* That very object, not one that took its place; or NULL. */
const struct object *snapshot_find_identity(const struct snapshot *snapshot, const struct identity *identity);

/*
 * What became of the process in a VALUE_PID field. A start later than the object's last sign of that process
 * proves another process; the reverse proves nothing.
 */
enum verdict snapshot_verdict(const struct snapshot *snapshot, const struct object *object, enum field field);

/* The same for the last process of the semaphore of that number; VERDICT_NONE when values are not known. */
enum verdict snapshot_semaphore_verdict(const struct snapshot *snapshot, const struct object *object,
                                        size_t semaphore);

/* What is known of a remembered pid, or NULL. */
const struct known_pid *snapshot_known_pid(const struct snapshot *snapshot, pid_t pid);

/* Whether every process was seen with all its mappings, descriptors and blocked calls. */
bool snapshot_saw_everybody(const struct snapshot *snapshot);

void snapshot_free(struct snapshot *snapshot);

static inline void cleanup_snapshot(struct snapshot **snapshot)
{
    snapshot_free(*snapshot);
}

#define AUTO_SNAPSHOT __attribute__((cleanup(cleanup_snapshot)))
