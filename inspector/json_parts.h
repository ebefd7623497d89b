/* json_parts.h - the parts of shmoo-json(5) that several commands write: users of an object, coverage. */
#pragma once

#include "inspector/json.h"

struct edge;
struct object;
struct process;
struct snapshot;

/* Array "users": the edges of an object, each with its process. */
void json_users(struct json *json, const struct snapshot *snapshot, const struct object *object);

/* Array "semaphores" of a System V set; nothing when they are not known. */
void json_semaphores(struct json *json, const struct object *object);

/* Members of a process: pid, uid, comm, command and what else is known; no brackets. */
void json_process(struct json *json, const struct process *process);

/* Members of an edge: role, access, bytes and what else applies; no brackets. */
void json_edge(struct json *json, const struct edge *edge);

/* Array "coverage" of what could not be read. */
void json_coverage(struct json *json, const struct snapshot *snapshot);
