/*
 * screen_objects.c - all objects, flat or as a tree of kinds, objects and processes. Its columns are those of
 * `shmoo list`.
 */
#include "common/strbuf.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/rate_column.h"
#include "probes/collect.h"
#include "probes/kind.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

extern const struct screen screen_objects;

static void headings(const struct dashboard *dashboard, struct table *table)
{
    static char names[COLUMNS_MAX][32];
    for (size_t i = 0; i < dashboard->columns.count && i < TABLE_COLUMNS_MAX; i++) {
        const struct column *column = dashboard->columns.items[i];
        AUTO_STRBUF struct strbuf name = {0};
        column_header(&name, column);
        snprintf(names[i], sizeof(names[i]), "%s", strbuf_text(&name));
        table->headings[table->heading_count++] =
            (struct heading){.name = names[i], .type = column->type, .column = column};
    }
}

static struct row *add_object(struct table *table, const struct object *object)
{
    return table_add(table, ROW_OBJECT, object, object->identity.space, object->identity.number);
}

static int add_flat(const struct dashboard *dashboard, struct table *table, const object_list *objects)
{
    array_each(objects, object)
    {
        if (!add_object(table, *object))
            return -ENOMEM;
    }
    return table_sort(dashboard, table, 0);
}

static bool has_users(const struct dashboard *dashboard, const struct object *object)
{
    size_t count;
    snapshot_edges(dashboard->model.snapshot, object, &count);
    return count > 0;
}

static int add_users(const struct dashboard *dashboard, struct table *table, const struct object *object)
{
    size_t count;
    const struct snapshot *snapshot = dashboard->model.snapshot;
    const struct edge *edges = snapshot_edges(snapshot, object, &count);
    for (size_t i = 0; i < count; i++) {
        const struct process *process = &snapshot->processes[edges[i].process];
        if (i && edges[i].process == edges[i - 1].process)
            continue;
        struct row *row = table_add(table, ROW_PROCESS, process, (uint64_t)process->pid,
                                    object->identity.space ^ object->identity.number);
        if (!row)
            return -ENOMEM;
        row->parent = object;
        row->depth = 2;
        row->fold = FOLD_LEAF;
    }
    return 0;
}

/* Puts the processes of unfolded objects behind them; rows of objects are there, sorted, from `first` on. */
static int unfold(const struct dashboard *dashboard, struct table *table, size_t first)
{
    row_list sorted = {0};
    int r = 0;
    for (size_t i = first; i < table->rows.count && r == 0; i++) {
        struct row *row = array_push(&sorted);
        r = row ? 0 : -ENOMEM;
        if (row)
            *row = table->rows.items[i];
    }
    table->rows.count = first;
    for (size_t i = 0; i < sorted.count && r == 0; i++) {
        const struct object *object = sorted.items[i].thing;
        bool open = dashboard->model.tracks[object->index]->expanded;
        struct row *row = add_object(table, object);
        if (!row) {
            r = -ENOMEM;
            break;
        }
        row->depth = 1;
        row->fold = !has_users(dashboard, object) ? FOLD_LEAF : open ? FOLD_OPEN : FOLD_SHUT;
        r = open ? add_users(dashboard, table, object) : 0;
    }
    array_free(&sorted);
    return r;
}

static int add_kind(const struct dashboard *dashboard, struct table *table, const object_list *objects,
                    size_t kind)
{
    struct row *row = NULL;
    size_t first = 0;
    array_each(objects, object)
    {
        if ((*object)->kind != kinds[kind])
            continue;
        if (!row) {
            bool shut = dashboard->collapsed & UINT64_C(1) << kind;
            row = table_add(table, ROW_KIND, kinds[kind], kind, 0);
            if (!row)
                return -ENOMEM;
            row->fold = shut ? FOLD_SHUT : FOLD_OPEN;
            first = table->rows.count;
            if (shut)
                return 0;
        }
        if (!add_object(table, *object))
            return -ENOMEM;
    }
    if (!row)
        return 0;
    int r = table_sort(dashboard, table, first);
    return r == 0 ? unfold(dashboard, table, first) : r;
}

static int rows(const struct dashboard *dashboard, struct table *table)
{
    object_list objects = {0};
    int r = selection_apply(&dashboard->selection, dashboard->model.snapshot, &objects);
    if (r == 0 && !dashboard->settings.tree)
        r = add_flat(dashboard, table, &objects);
    for (size_t i = 0; i < KIND_COUNT && r == 0 && dashboard->settings.tree; i++)
        r = add_kind(dashboard, table, &objects, i);
    array_free(&objects);
    return r == 0 ? ghosts_insert(&dashboard->model.ghosts, table) : r;
}

static struct value text_value(struct strbuf *scratch)
{
    return value_string(strbuf_text(scratch), scratch->length);
}

static bool is_first(const struct heading *heading)
{
    return heading->column == column_find("object", strlen("object"));
}

static struct value object_value(const struct dashboard *dashboard, const struct object *object,
                                 const struct column *column, struct strbuf *scratch)
{
    return column_is_rate(column) ? rate_column_value(column, &dashboard->model.rates[object->index])
                                  : column_value(column, dashboard->model.snapshot, object, scratch);
}

static bool is_summed(const struct column *column)
{
    return column->type == VALUE_BYTES || column_is_rate(column);
}

/* Sums for the line of a kind, of what is known. */
static struct value kind_cell(const struct dashboard *dashboard, const struct kind *kind,
                              const struct heading *heading, struct strbuf *scratch)
{
    const struct snapshot *snapshot = dashboard->model.snapshot;
    const struct column *column = heading->column;
    struct value sum = {0};
    uint64_t count = 0;
    for (size_t i = 0; i < snapshot->object_count; i++) {
        const struct object *object = snapshot->objects[i];
        if (object->kind != kind || object->hidden)
            continue;
        count++;
        if (!is_summed(column))
            continue;
        struct value value = object_value(dashboard, object, column, scratch);
        if (value_known(value))
            sum = value_of(column->type, sum.number + value.number);
    }
    strbuf_clear(scratch);
    if (is_first(heading)) {
        strbuf_add_format(scratch, "%s (%llu)", kind->name, (unsigned long long)count);
        return text_value(scratch);
    }
    return sum;
}

static void add_role(struct strbuf *text, const struct edge *edge)
{
    char units[16] = "";
    strbuf_add_format(text, "%s%s", text->length ? ", " : "", edge_role_name(edge->role));
    if (edge->role == EDGE_OPEN && edge->fd >= 0)
        snprintf(units, sizeof(units), " fd %d", edge->fd);
    strbuf_add_string(text, units);
    if (edge->role == EDGE_WAITING && edge->operation)
        strbuf_add_format(text, " in %s", edge->operation);
}

/* A process below its object: pid and name, then what ties them in the column of processes. */
static struct value process_cell(const struct dashboard *dashboard, const struct row *row,
                                 const struct heading *heading, struct strbuf *scratch)
{
    const struct process *process = row->thing;
    size_t count;
    if (is_first(heading)) {
        strbuf_add_format(scratch, "%d ", process->pid);
        if (process->comm.type == VALUE_STRING)
            strbuf_add(scratch, process->comm.string, process->comm.length);
        return text_value(scratch);
    }
    const struct column *column = heading->column;
    if (strcmp(column->name, "owner") == 0)
        return value_of(VALUE_USER, process->uid);
    if (strcmp(column->name, "processes") != 0)
        return (struct value){0};
    const struct edge *edges = snapshot_edges(dashboard->model.snapshot, row->parent, &count);
    for (size_t i = 0; i < count; i++)
        if (&dashboard->model.snapshot->processes[edges[i].process] == process)
            add_role(scratch, &edges[i]);
    return text_value(scratch);
}

static struct value cell(const struct dashboard *dashboard, const struct row *row,
                         const struct heading *heading, struct strbuf *scratch)
{
    switch (row->type) {
    case ROW_OBJECT: return object_value(dashboard, row->thing, heading->column, scratch);
    case ROW_KIND: return kind_cell(dashboard, row->thing, heading, scratch);
    case ROW_PROCESS: return process_cell(dashboard, row, heading, scratch);
    default:
        return is_first(heading) ? value_word(((const struct ghost *)row->thing)->label) : (struct value){0};
    }
}

/* What must have changed for a column to be highlighted. */
static uint64_t bits_of(const struct column *column)
{
    static const struct {
        const char *column;
        uint64_t bits;
    } computed[] = {
        {"users",     DELTA_USERS                                          },
        {"processes", DELTA_USERS                                          },
        {"waiters",   DELTA_WAITERS                                        },
        {"full",      DELTA_FIELD(FIELD_FILL) | DELTA_FIELD(FIELD_MESSAGES)},
    };
    for (size_t i = 0; i < COUNT_OF(computed); i++)
        if (strcmp(computed[i].column, column->name) == 0)
            return computed[i].bits;
    return strcmp(field_info[column->field].name, column->name) == 0 ? DELTA_FIELD(column->field) : 0;
}

static enum style style_of_change(int64_t change)
{
    return change > 0 ? STYLE_CHANGED : change < 0 ? STYLE_GOOD : STYLE_DIM;
}

static enum style value_style(const struct dashboard *dashboard, const struct object *object,
                              const struct column *column)
{
    AUTO_STRBUF struct strbuf scratch = {0};
    if (strcmp(column->name, "object") == 0)
        return STYLE_STRONG;
    if (column_is_rate(column))
        return style_of_change(object_value(dashboard, object, column, &scratch).change);
    if (strcmp(column->name, "full") != 0 && strcmp(column->name, "waiters") != 0)
        return STYLE_TEXT;
    struct value value = column_value(column, dashboard->model.snapshot, object, &scratch);
    if (!value_known(value))
        return STYLE_DIM;
    if (value.type == VALUE_PERCENT)
        return style_of_level((unsigned)value.number);
    return value.number ? STYLE_WARN : STYLE_DIM;
}

static enum style style(const struct dashboard *dashboard, const struct row *row,
                        const struct heading *heading)
{
    if (row->type == ROW_KIND)
        return STYLE_LABEL;
    if (row->type == ROW_GHOST)
        return STYLE_GONE;
    if (row->type == ROW_PROCESS)
        return STYLE_DIM;
    const struct object *object = row->thing;
    if (dashboard->model.tracks[object->index]->tagged)
        return STYLE_TAGGED;
    if (model_is_new(&dashboard->model, object))
        return STYLE_NEW;
    if (model_changed(&dashboard->model, object, bits_of(heading->column)))
        return STYLE_CHANGED;
    return value_style(dashboard, object, heading->column);
}

const struct screen screen_objects = {
    .name = "Objects",
    .empty = "nothing to show",
    .needs = NEED_USERS | NEED_WAITERS | NEED_VALUES | NEED_VERDICTS,
    .headings = headings,
    .rows = rows,
    .cell = cell,
    .style = style,
};
