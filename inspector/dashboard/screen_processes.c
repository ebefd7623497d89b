/* screen_processes.c - by process: how much each holds, and what it waits for. */
#include "common/strbuf.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/fixed_column.h"
#include "inspector/filter.h"
#include "probes/collect.h"

#include <errno.h>

extern const struct screen screen_processes;

FIXED_VALUE(get_pid)
{
    const struct process *process = thing;
    return value_of(VALUE_PID, (uint64_t)process->pid);
}

FIXED_VALUE(get_user)
{
    const struct process *process = thing;
    return value_of(VALUE_USER, process->uid);
}

FIXED_VALUE(get_age)
{
    const struct process *process = thing;
    uint64_t now = model->snapshot->time;
    return value_of(VALUE_DURATION, now > process->start ? now - process->start : 0);
}

static struct value count_role(const struct model *model, const struct process *process, enum edge_role role)
{
    size_t count, found = 0;
    const uint32_t *edges = model_process_edges(model, process, &count);
    for (size_t i = 0; i < count; i++)
        found += model->snapshot->edges[edges[i]].role == role;
    return value_of(VALUE_NUMBER, found);
}

/* Edges of a process are in the order of their objects. */
FIXED_VALUE(get_objects)
{
    const struct process *process = thing;
    size_t count, objects = 0;
    const uint32_t *edges = model_process_edges(model, process, &count);
    for (size_t i = 0; i < count; i++)
        objects +=
            !i || model->snapshot->edges[edges[i]].object != model->snapshot->edges[edges[i - 1]].object;
    return value_of(VALUE_NUMBER, objects);
}

FIXED_VALUE(get_mapped)
{
    const struct process *process = thing;
    size_t count;
    uint64_t bytes = 0;
    const uint32_t *edges = model_process_edges(model, process, &count);
    for (size_t i = 0; i < count; i++)
        bytes +=
            model->snapshot->edges[edges[i]].role == EDGE_MAPPED ? model->snapshot->edges[edges[i]].bytes : 0;
    return value_of(VALUE_BYTES, bytes);
}

FIXED_VALUE(get_open)
{
    const struct process *process = thing;
    return count_role(model, process, EDGE_OPEN);
}

FIXED_VALUE(get_locks)
{
    const struct process *process = thing;
    return count_role(model, process, EDGE_HOLDING);
}

/* The labels are harmless already, and escaping them again would double their backslashes. */
FIXED_VALUE(get_waits)
{
    const struct process *process = thing;
    size_t count;
    const uint32_t *edges = model_process_edges(model, process, &count);
    for (size_t i = 0; i < count; i++) {
        const struct edge *edge = &model->snapshot->edges[edges[i]];
        if (edge->role == EDGE_WAITING)
            strbuf_add_format(scratch, "%s%s", scratch->length ? " " : "",
                              model->snapshot->objects[edge->object]->label);
    }
    return scratch->length ? value_word(strbuf_text(scratch)) : (struct value){0};
}

FIXED_VALUE(get_command)
{
    const struct process *process = thing;
    if (process->command.type != VALUE_STRING)
        return process->comm;
    strbuf_add(scratch, process->command.string, process->command.length);
    for (size_t i = 0; i < scratch->length; i++)
        if (!scratch->text[i])
            scratch->text[i] = ' ';
    while (scratch->length && scratch->text[scratch->length - 1] == ' ')
        scratch->length--;
    return value_string(strbuf_text(scratch), scratch->length);
}

FIXED_VALUE(get_name)
{
    const struct process *process = thing;
    return process->comm;
}

/* In the order of what can be done without on a narrow screen. */
static const struct fixed_column process_columns[] = {
    {.name = "PID",        .type = VALUE_PID,  .get = get_pid,               .style = STYLE_STRONG},
    {.name = "USER",                    .type = VALUE_USER,                         .get = get_user               },
    {.name = "NAME",                    .type = VALUE_STRING,                         .get = get_name},
    {.name = "WAITS-FOR",                    .type = VALUE_WORD,                    .get = get_waits,             .style = STYLE_WARN},
    {.name = "OBJECTS", .type = VALUE_NUMBER,                   .get = get_objects,                   .dims_zero = true},
    {.name = "MAPPED",  .type = VALUE_BYTES,.get = get_mapped,.dims_zero = true},
    {.name = "LOCKS",.type = VALUE_NUMBER,                 .get = get_locks,                                  .dims_zero = true},
    {.name = "OPEN",      .type = VALUE_NUMBER,     .get = get_open, .dims_zero = true},
    {.name = "AGE",                    .type = VALUE_DURATION,                         .get = get_age                           },
    {.name = "COMMAND",   .type = VALUE_STRING,                     .get = get_command                                    },
};

static bool is_selected(const struct dashboard *dashboard, const struct process *process,
                        struct strbuf *scratch)
{
    const struct selection *selection = &dashboard->selection;
    const struct model *model = &dashboard->model;
    size_t count;
    if (selection->by_user && process->uid != selection->user)
        return false;
    if (selection->by_pid && process->pid != selection->pid)
        return false;
    const uint32_t *edges = model_process_edges(model, process, &count);
    for (size_t i = 0; i < count; i++) {
        const struct object *object = model->snapshot->objects[model->snapshot->edges[edges[i]].object];
        if (!object->hidden &&
            (!selection->filter || filter_match(selection->filter, model->snapshot, object, scratch)))
            return true;
    }
    return false;
}

static int rows(const struct dashboard *dashboard, struct table *table)
{
    AUTO_STRBUF struct strbuf scratch = {0};
    const struct snapshot *snapshot = dashboard->model.snapshot;
    for (size_t i = 0; i < snapshot->process_count; i++) {
        const struct process *process = &snapshot->processes[i];
        if (is_selected(dashboard, process, &scratch) &&
            !table_add(table, ROW_PROCESS, process, (uint64_t)process->pid, process->start))
            return -ENOMEM;
    }
    return table_sort(dashboard, table, 0);
}

const struct screen screen_processes = {
    .name = "Processes",
    .empty = "no process uses any of it",
    .needs = NEED_USERS | NEED_WAITERS | NEED_COMMANDS,
    .rows = rows,
    FIXED_COLUMNS(process_columns),
};
