/*
 * screen_waits.c - who waits for what, since when it has been seen to, and who probably holds it: the process
 * that owns the lock, or the last one known to have worked on the object. Waits in a circle are marked.
 */
#include "common/strbuf.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/filter.h"
#include "probes/collect.h"

#include <errno.h>
#include <string.h>

extern const struct screen screen_waits;

enum { LONGEST_CIRCLE = 32 };

/* The process that the object itself names as holding or last using it, or 0. */
static pid_t remembered_holder(const struct object *object, const struct edge *wait)
{
    static const enum field fields[] = {FIELD_HOLDER, FIELD_LRPID, FIELD_LPID};
    if (object->semaphores && wait->unit >= 0 && (uint64_t)wait->unit < object->fields[FIELD_NSEMS].number)
        return object->semaphores[wait->unit].pid;
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        if (object->fields[fields[i]].type == VALUE_PID && object->fields[fields[i]].number)
            return (pid_t)object->fields[fields[i]].number;
    return 0;
}

static pid_t holder_of(const struct snapshot *snapshot, const struct edge *wait)
{
    const struct object *object = snapshot->objects[wait->object];
    size_t count;
    const struct edge *edges = snapshot_edges(snapshot, object, &count);
    for (size_t i = 0; i < count; i++)
        if (edges[i].role == EDGE_HOLDING && edges[i].process != wait->process)
            return snapshot->processes[edges[i].process].pid;
    return remembered_holder(object, wait);
}

static const struct process *find_process(const struct snapshot *snapshot, pid_t pid)
{
    size_t low = 0, high = snapshot->process_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (snapshot->processes[middle].pid < pid)
            low = middle + 1;
        else
            high = middle;
    }
    return low < snapshot->process_count && snapshot->processes[low].pid == pid ? &snapshot->processes[low]
                                                                                : NULL;
}

static const struct edge *first_wait(const struct model *model, const struct process *process)
{
    size_t count;
    const uint32_t *edges = model_process_edges(model, process, &count);
    for (size_t i = 0; i < count; i++)
        if (model->snapshot->edges[edges[i]].role == EDGE_WAITING)
            return &model->snapshot->edges[edges[i]];
    return NULL;
}

/* Whether following holders leads back to the one who waits. */
static bool is_circle(const struct model *model, const struct edge *start)
{
    pid_t first = model->snapshot->processes[start->process].pid;
    const struct edge *wait = start;
    for (int step = 0; wait && step < LONGEST_CIRCLE; step++) {
        const struct process *holder = find_process(model->snapshot, holder_of(model->snapshot, wait));
        if (!holder)
            return false;
        if (holder->pid == first)
            return true;
        wait = first_wait(model, holder);
    }
    return false;
}

static void headings(const struct dashboard *dashboard, struct table *table)
{
    static const struct heading all[] = {
        {"SINCE",     VALUE_DURATION, "s"},
        {"PID",       VALUE_PID,      "p"},
        {"COMMAND",   VALUE_STRING,   "c"},
        {"CALL",      VALUE_WORD,     "o"},
        {"WAITS-FOR", VALUE_WORD,     "w"},
        {"HOLDER",    VALUE_PID,      "h"},
        {"STATE",     VALUE_WORD,     "t"},
        {"",          VALUE_STRING,   "n"},
    };
    (void)dashboard;
    memcpy(table->headings, all, sizeof(all));
    table->heading_count = COUNT_OF(all);
}

static bool is_selected(const struct dashboard *dashboard, const struct edge *edge, struct strbuf *scratch)
{
    const struct selection *selection = &dashboard->selection;
    const struct snapshot *snapshot = dashboard->model.snapshot;
    const struct process *process = &snapshot->processes[edge->process];
    return edge->role == EDGE_WAITING && (!selection->by_user || process->uid == selection->user) &&
           (!selection->by_pid || process->pid == selection->pid) &&
           (!selection->filter ||
            filter_match(selection->filter, snapshot, snapshot->objects[edge->object], scratch));
}

static int rows(const struct dashboard *dashboard, struct table *table)
{
    AUTO_STRBUF struct strbuf scratch = {0};
    const struct snapshot *snapshot = dashboard->model.snapshot;
    for (size_t i = 0; i < snapshot->edge_count; i++) {
        const struct edge *edge = &snapshot->edges[i];
        const struct identity *identity = &snapshot->objects[edge->object]->identity;
        if (is_selected(dashboard, edge, &scratch) &&
            !table_add(table, ROW_WAIT, edge, (uint64_t)edge->tid, identity->space ^ identity->number))
            return -ENOMEM;
    }
    return table_sort(dashboard, table, 0);
}

static const char *state_of(const struct snapshot *snapshot, pid_t pid)
{
    if (find_process(snapshot, pid))
        return "alive";
    for (size_t i = 0; i < snapshot->known_pid_count; i++)
        if (snapshot->known_pids[i].pid == pid)
            return snapshot->known_pids[i].start ? "alive" : snapshot->all_visible ? "dead" : "unknown";
    return "unknown";
}

static struct value holder_value(pid_t pid)
{
    return pid ? value_of(VALUE_PID, (uint64_t)pid) : (struct value){0};
}

static struct value holder_name(const struct model *model, const struct edge *wait, struct strbuf *scratch)
{
    const struct process *holder = find_process(model->snapshot, holder_of(model->snapshot, wait));
    if (is_circle(model, wait))
        strbuf_add_string(scratch, "circle: ");
    if (holder && holder->comm.type == VALUE_STRING)
        strbuf_add(scratch, holder->comm.string, holder->comm.length);
    return value_string(strbuf_text(scratch), scratch->length);
}

static struct value cell(const struct dashboard *dashboard, const struct row *row,
                         const struct heading *heading, struct strbuf *scratch)
{
    const struct model *model = &dashboard->model;
    const struct edge *wait = row->thing;
    const struct process *process = &model->snapshot->processes[wait->process];
    switch (*(const char *)heading->column) {
    case 's':
        return value_of(VALUE_DURATION, model->snapshot->time - model->since[wait - model->snapshot->edges]);
    case 'p': return value_of(VALUE_PID, (uint64_t)process->pid);
    case 'c': return process->comm;
    case 'o': return wait->operation ? value_word(wait->operation) : (struct value){0};
    case 'w': return value_word(model->snapshot->objects[wait->object]->label);
    case 'h': return holder_value(holder_of(model->snapshot, wait));
    case 't': {
        pid_t holder = holder_of(model->snapshot, wait);
        return holder ? value_word(state_of(model->snapshot, holder)) : (struct value){0};
    }
    default: return holder_name(model, wait, scratch);
    }
}

static enum style style(const struct dashboard *dashboard, const struct row *row,
                        const struct heading *heading)
{
    const struct snapshot *snapshot = dashboard->model.snapshot;
    pid_t holder = holder_of(snapshot, row->thing);
    switch (*(const char *)heading->column) {
    case 'w': return STYLE_STRONG;
    case 's': return STYLE_LABEL;
    case 'n': return is_circle(&dashboard->model, row->thing) ? STYLE_BAD : STYLE_TEXT;
    case 't': return holder && strcmp(state_of(snapshot, holder), "dead") == 0 ? STYLE_BAD : STYLE_TEXT;
    default: return STYLE_TEXT;
    }
}

const struct screen screen_waits = {
    .name = "Waits",
    .empty = "nobody waits",
    .needs = NEED_USERS | NEED_WAITERS | NEED_VALUES | NEED_VERDICTS,
    .headings = headings,
    .rows = rows,
    .cell = cell,
    .style = style,
};
