/*
 * screen_waits.c - who waits for what, since when it has been seen to, who probably holds it up, and whether
 * that can ever end: waits in a circle are marked. Who can end a wait is worked out in waits.h.
 */
#include "inspector/waits.h"

#include "common/strbuf.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/filter.h"
#include "inspector/process_use.h"
#include "inspector/waits_table.h"
#include "probes/collect.h"

#include <errno.h>
#include <string.h>

extern const struct screen screen_waits;

static struct value get_since(const struct model *model, const struct waiting *waiting)
{
    return value_of(VALUE_DURATION, model->snapshot->time - waiting->since);
}

static struct value get_pid(const struct model *model, const struct waiting *waiting)
{
    (void)model;
    return value_of(VALUE_PID, (uint64_t)waiting->process->pid);
}

static struct value get_command(const struct model *model, const struct waiting *waiting)
{
    (void)model;
    return waiting->process->comm;
}

static struct value get_call(const struct model *model, const struct waiting *waiting)
{
    (void)model;
    return waiting->edge->operation ? value_word(waiting->edge->operation) : (struct value){0};
}

static struct value get_object(const struct model *model, const struct waiting *waiting)
{
    (void)model;
    return value_word(waiting->object->label);
}

static struct value get_stuck(const struct model *model, const struct waiting *waiting)
{
    if (waits_in_circle(&model->view.waits, waiting))
        return value_word("circle");
    return waiting->fate == FATE_OPEN ? (struct value){0} : value_word(wait_fate_name(waiting->fate));
}

static struct value get_holder(const struct model *model, const struct waiting *waiting)
{
    (void)model;
    return waiting->holder ? value_of(VALUE_PID, (uint64_t)waiting->holder) : (struct value){0};
}

static struct value get_state(const struct model *model, const struct waiting *waiting)
{
    (void)model;
    return waiting->holder ? value_word(verdict_name(waiting->holder_state)) : (struct value){0};
}

static struct value get_holder_command(const struct model *model, const struct waiting *waiting)
{
    bool alive = waiting->holder && waiting->holder_state == VERDICT_ALIVE;
    const struct process *holder = alive ? process_find(model->snapshot, waiting->holder) : NULL;
    return holder ? holder->comm : (struct value){0};
}

static const struct wait_column {
    const char *name;
    enum value_type type;
    struct value (*get)(const struct model *model, const struct waiting *waiting);
} wait_columns[] = {
    {"SINCE",     VALUE_DURATION, get_since         },
    {"PID",       VALUE_PID,      get_pid           },
    {"COMMAND",   VALUE_STRING,   get_command       },
    {"STUCK",     VALUE_WORD,     get_stuck         },
    {"CALL",      VALUE_WORD,     get_call          },
    {"WAITS-FOR", VALUE_WORD,     get_object        },
    {"HOLDER",    VALUE_PID,      get_holder        },
    {"STATE",     VALUE_WORD,     get_state         },
    {"HELD-BY",   VALUE_STRING,   get_holder_command},
};

static void headings(const struct dashboard *dashboard, struct table *table)
{
    (void)dashboard;
    for (size_t i = 0; i < COUNT_OF(wait_columns); i++)
        table->headings[table->heading_count++] = (struct heading){
            .name = wait_columns[i].name, .type = wait_columns[i].type, .column = &wait_columns[i]};
}

static bool is_selected(const struct dashboard *dashboard, const struct waiting *waiting,
                        struct strbuf *scratch)
{
    const struct selection *selection = &dashboard->selection;
    return (!selection->by_user || waiting->process->uid == selection->user) &&
           (!selection->by_pid || waiting->process->pid == selection->pid) &&
           (!selection->filter ||
            filter_match(selection->filter, dashboard->model.snapshot, waiting->object, scratch));
}

static int rows(const struct dashboard *dashboard, struct table *table)
{
    AUTO_STRBUF struct strbuf scratch = {0};
    array_each(&dashboard->model.view.waits.all, waiting)
    {
        const struct identity *identity = &waiting->object->identity;
        if (is_selected(dashboard, waiting, &scratch) &&
            !table_add(table, ROW_WAIT, waiting, (uint64_t)waiting->edge->tid,
                       identity->space ^ identity->number))
            return -ENOMEM;
    }
    return table_sort(dashboard, table, 0);
}

static struct value cell(const struct dashboard *dashboard, const struct row *row,
                         const struct heading *heading, struct strbuf *scratch)
{
    const struct wait_column *column = heading->column;
    (void)scratch;
    return column->get(&dashboard->model, row->thing);
}

static enum style style(const struct dashboard *dashboard, const struct row *row,
                        const struct heading *heading)
{
    const struct wait_column *column = heading->column;
    const struct waiting *waiting = row->thing;
    (void)dashboard;
    if (column->get == get_object)
        return STYLE_STRONG;
    if (column->get == get_since)
        return STYLE_LABEL;
    if (column->get == get_stuck)
        return waiting->fate == FATE_CERTAIN ? STYLE_BAD : STYLE_WARN;
    if (column->get == get_state && waiting->holder_state == VERDICT_DEAD)
        return STYLE_BAD;
    return STYLE_TEXT;
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
