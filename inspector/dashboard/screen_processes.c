/* screen_processes.c - by process: how much each holds, and what it waits for. */
#include "common/strbuf.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/filter.h"
#include "probes/collect.h"

#include <errno.h>

extern const struct screen screen_processes;

static struct value get_pid(const struct model *model, const struct process *process, struct strbuf *scratch)
{
    (void)model;
    (void)scratch;
    return value_of(VALUE_PID, (uint64_t)process->pid);
}

static struct value get_user(const struct model *model, const struct process *process, struct strbuf *scratch)
{
    (void)model;
    (void)scratch;
    return value_of(VALUE_USER, process->uid);
}

static struct value get_age(const struct model *model, const struct process *process, struct strbuf *scratch)
{
    (void)scratch;
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
static struct value get_objects(const struct model *model, const struct process *process,
                                struct strbuf *scratch)
{
    (void)scratch;
    size_t count, objects = 0;
    const uint32_t *edges = model_process_edges(model, process, &count);
    for (size_t i = 0; i < count; i++)
        objects +=
            !i || model->snapshot->edges[edges[i]].object != model->snapshot->edges[edges[i - 1]].object;
    return value_of(VALUE_NUMBER, objects);
}

static struct value get_mapped(const struct model *model, const struct process *process,
                               struct strbuf *scratch)
{
    (void)scratch;
    size_t count;
    uint64_t bytes = 0;
    const uint32_t *edges = model_process_edges(model, process, &count);
    for (size_t i = 0; i < count; i++)
        bytes +=
            model->snapshot->edges[edges[i]].role == EDGE_MAPPED ? model->snapshot->edges[edges[i]].bytes : 0;
    return value_of(VALUE_BYTES, bytes);
}

static struct value get_open(const struct model *model, const struct process *process, struct strbuf *scratch)
{
    (void)scratch;
    return count_role(model, process, EDGE_OPEN);
}

static struct value get_holds(const struct model *model, const struct process *process,
                              struct strbuf *scratch)
{
    (void)scratch;
    return count_role(model, process, EDGE_HOLDING);
}

/* The labels are harmless already, and escaping them again would double their backslashes. */
static struct value get_waits(const struct model *model, const struct process *process,
                              struct strbuf *scratch)
{
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

static struct value get_command(const struct model *model, const struct process *process,
                                struct strbuf *scratch)
{
    (void)model;
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

static const struct process_column {
    const char *name;
    enum value_type type;
    struct value (*get)(const struct model *model, const struct process *process, struct strbuf *scratch);
} process_columns[] = {
    {"PID",       VALUE_PID,      get_pid    },
    {"USER",      VALUE_USER,     get_user   },
    {"OBJECTS",   VALUE_NUMBER,   get_objects},
    {"MAPPED",    VALUE_BYTES,    get_mapped },
    {"OPEN",      VALUE_NUMBER,   get_open   },
    {"LOCKS",     VALUE_NUMBER,   get_holds  },
    {"AGE",       VALUE_DURATION, get_age    },
    {"WAITS-FOR", VALUE_WORD,     get_waits  },
    {"COMMAND",   VALUE_STRING,   get_command},
};

static void headings(const struct dashboard *dashboard, struct table *table)
{
    (void)dashboard;
    for (size_t i = 0; i < COUNT_OF(process_columns); i++)
        table->headings[table->heading_count++] = (struct heading){
            .name = process_columns[i].name, .type = process_columns[i].type, .column = &process_columns[i]};
}

/* A filter speaks of objects: processes that use one of those. */
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

static struct value cell(const struct dashboard *dashboard, const struct row *row,
                         const struct heading *heading, struct strbuf *scratch)
{
    const struct process_column *column = heading->column;
    return column->get(&dashboard->model, row->thing, scratch);
}

static enum style style(const struct dashboard *dashboard, const struct row *row,
                        const struct heading *heading)
{
    const struct process_column *column = heading->column;
    AUTO_STRBUF struct strbuf scratch = {0};
    if (column->get == get_pid)
        return STYLE_STRONG;
    if (column->get == get_waits)
        return STYLE_WARN;
    bool counts = column->type == VALUE_NUMBER || column->type == VALUE_BYTES;
    return counts && !column->get(&dashboard->model, row->thing, &scratch).number ? STYLE_DIM : STYLE_TEXT;
}

const struct screen screen_processes = {
    .name = "Processes",
    .empty = "no process uses any of it",
    .needs = NEED_USERS | NEED_WAITERS | NEED_COMMANDS,
    .headings = headings,
    .rows = rows,
    .cell = cell,
    .style = style,
};
