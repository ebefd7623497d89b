/* json_parts.h - the parts of shmoo-json(5) that several commands write: users of an object, coverage. */
#pragma once

#include "inspector/json.h"

#include <stddef.h>

struct edge;
struct object;
struct process;
struct snapshot;

/* The members of every process of a snapshot: a process uses many objects, and its part is written once. */
struct json_processes {
    struct strbuf text;
    size_t *ends; /* where in the text that of each process ends */
};

/* Returns 0 or -ENOMEM; to be freed in either case. */
int json_processes_write(struct json_processes *processes, const struct snapshot *snapshot);
void json_processes_free(struct json_processes *processes);

/* Members of an object: kind, object, and every field that is known; no brackets. */
void json_object_members(struct json *json, const struct object *object);

/* Array "users": the edges of an object, each with its process. */
void json_users(struct json *json, const struct snapshot *snapshot, const struct object *object,
                const struct json_processes *processes);

/* Array "semaphores" of a System V set; nothing when they are not known. */
void json_semaphores(struct json *json, const struct object *object);

/* Members of a process: pid, uid, comm, command and what else is known; no brackets. */
void json_process(struct json *json, const struct process *process);

/* Members of an edge: role, access, bytes and what else applies; no brackets. */
void json_edge(struct json *json, const struct edge *edge);

/* Array "coverage" of what could not be read. */
void json_coverage(struct json *json, const struct snapshot *snapshot);
