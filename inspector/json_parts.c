/* json_parts.c - see json_parts.h. */
#include "inspector/json_parts.h"

#include "probes/kind.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A command line is words that end with a NUL; a process that renamed itself leaves many behind. */
static void add_command(struct json *json, struct value command)
{
    const char *at = command.string, *end = at + command.length;
    while (end > at && end[-1] == '\0')
        end--;
    json_open(json, "command", '[');
    while (at < end) {
        size_t length = strnlen(at, (size_t)(end - at));
        json_bytes(json, NULL, at, length);
        at += length + 1;
    }
    json_close(json, '[');
}

void json_process(struct json *json, const struct process *process)
{
    json_number(json, "pid", (uint64_t)process->pid);
    json_number(json, "uid", process->uid);
    json_value(json, "comm", process->comm);
    if (process->command.type == VALUE_STRING)
        add_command(json, process->command);
    json_value(json, "container", process->container);
    json_value(json, "start", value_of(VALUE_TIME, process->start));
}

static void add_access(struct json *json, uint8_t access)
{
    char text[4] = "---";
    if (access & EDGE_READ)
        text[0] = 'r';
    if (access & EDGE_WRITE)
        text[1] = 'w';
    if (access & EDGE_EXECUTE)
        text[2] = 'x';
    json_text(json, "access", text);
}

void json_edge(struct json *json, const struct edge *edge)
{
    json_text(json, "role", edge_role_name(edge->role));
    if (edge->access)
        add_access(json, edge->access);
    if (edge->role == EDGE_MAPPED)
        json_number(json, "bytes", edge->bytes);
    if (edge->role == EDGE_MAPPED || edge->role == EDGE_OPEN)
        json_number(json, "count", edge->count);
    if (edge->role == EDGE_OPEN)
        json_number(json, "fd", (uint64_t)edge->fd);
    if (edge->operation)
        json_text(json, "operation", edge->operation);
    if (edge->role != EDGE_WAITING)
        return;
    json_number(json, "tid", (uint64_t)edge->tid);
    if (edge->unit < 0)
        return;
    json_number(json, "num", (uint64_t)edge->unit);
    json_signed(json, "amount", edge->amount);
}

int json_processes_write(struct json_processes *processes, const struct snapshot *snapshot)
{
    struct json json = json_begin(NULL);
    processes->ends = calloc(snapshot->process_count + 1, sizeof(*processes->ends));
    for (size_t i = 0; i < snapshot->process_count && processes->ends; i++) {
        json.comma = false;
        json_process(&json, &snapshot->processes[i]);
        processes->ends[i] = json.text.length;
    }
    strbuf_free(&json.escaped);
    processes->text = json.text;
    return processes->ends && !json.text.failed ? 0 : -ENOMEM;
}

void json_processes_free(struct json_processes *processes)
{
    strbuf_free(&processes->text);
    free(processes->ends);
}

void json_object_members(struct json *json, const struct object *object)
{
    json_text(json, "kind", object->kind->name);
    json_text(json, "object", object->label);
    for (size_t i = 0; i < FIELD_COUNT; i++)
        json_value(json, field_info[i].name, object->fields[i]);
}

void json_users(struct json *json, const struct snapshot *snapshot, const struct object *object,
                const struct json_processes *processes)
{
    size_t count;
    const struct edge *edges = snapshot_edges(snapshot, object, &count);
    json_open(json, "users", '[');
    for (size_t i = 0; i < count; i++) {
        uint32_t process = edges[i].process;
        size_t start = process ? processes->ends[process - 1] : 0;
        json_open(json, NULL, '{');
        json_members(json, processes->text.text + start, processes->ends[process] - start);
        json_edge(json, &edges[i]);
        json_close(json, '{');
    }
    json_close(json, '[');
}

void json_semaphores(struct json *json, const struct object *object)
{
    if (!object->semaphores)
        return;
    json_open(json, "semaphores", '[');
    for (size_t i = 0; i < object->fields[FIELD_NSEMS].number; i++) {
        const struct semaphore *semaphore = &object->semaphores[i];
        json_open(json, NULL, '{');
        json_number(json, "num", i);
        json_signed(json, "value", semaphore->value);
        json_signed(json, "pid", semaphore->pid);
        json_signed(json, "ncnt", semaphore->ncnt);
        json_signed(json, "zcnt", semaphore->zcnt);
        json_close(json, '{');
    }
    json_close(json, '[');
}

void json_coverage(struct json *json, const struct snapshot *snapshot)
{
    json_open(json, "coverage", '[');
    for (size_t i = 0; i < snapshot->coverage_count; i++) {
        const struct coverage *gap = &snapshot->coverage[i];
        json_open(json, NULL, '{');
        json_text(json, "source", gap->source);
        if (gap->place)
            json_text(json, "place", gap->place);
        json_text(json, "error", strerrorname_np(gap->error));
        if (gap->processes)
            json_number(json, "processes", gap->processes);
        json_close(json, '{');
    }
    json_close(json, '[');
}
