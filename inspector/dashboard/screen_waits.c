/*
 * screen_waits.c - who waits for what, since when it has been seen to, who probably holds it up, and whether
 * that can ever end: waits in a circle are marked. Who can end a wait is worked out in waits.h.
 */
#include "inspector/waits.h"

#include "common/strbuf.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/fixed_column.h"
#include "inspector/filter.h"
#include "inspector/process_use.h"
#include "inspector/waits_table.h"
#include "probes/collect.h"

#include <errno.h>
#include <string.h>

extern const struct screen screen_waits;

FIXED_VALUE(get_since)
{
    const struct waiting *waiting = thing;
    return value_of(VALUE_DURATION, model->snapshot->time - waiting->since);
}

FIXED_VALUE(get_pid)
{
    const struct waiting *waiting = thing;
    return value_of(VALUE_PID, (uint64_t)waiting->process->pid);
}

FIXED_VALUE(get_command)
{
    const struct waiting *waiting = thing;
    return waiting->process->comm;
}

FIXED_VALUE(get_call)
{
    const struct waiting *waiting = thing;
    return waiting->edge->operation ? value_word(waiting->edge->operation) : (struct value){0};
}

FIXED_VALUE(get_object)
{
    const struct waiting *waiting = thing;
    return value_word(waiting->object->label);
}

FIXED_VALUE(get_stuck)
{
    const struct waiting *waiting = thing;
    if (waits_in_circle(&model->view.waits, waiting))
        return value_word("circle");
    return waiting->fate == FATE_OPEN ? (struct value){0} : value_word(wait_fate_name(waiting->fate));
}

FIXED_VALUE(get_holder)
{
    const struct waiting *waiting = thing;
    return waiting->holder ? value_of(VALUE_PID, (uint64_t)waiting->holder) : (struct value){0};
}

FIXED_VALUE(get_state)
{
    const struct waiting *waiting = thing;
    return waiting->holder ? value_word(verdict_name(waiting->holder_state)) : (struct value){0};
}

FIXED_VALUE(get_holder_command)
{
    const struct waiting *waiting = thing;
    bool alive = waiting->holder && waiting->holder_state == VERDICT_ALIVE;
    const struct process *holder = alive ? process_find(model->snapshot, waiting->holder) : NULL;
    return holder ? holder->comm : (struct value){0};
}

FIXED_STYLE(style_of_stuck)
{
    const struct waiting *waiting = thing;
    return waiting->fate == FATE_CERTAIN ? STYLE_BAD : STYLE_WARN;
}

FIXED_STYLE(style_of_state)
{
    const struct waiting *waiting = thing;
    return waiting->holder_state == VERDICT_DEAD ? STYLE_BAD : STYLE_TEXT;
}

/* In the order of what can be done without on a narrow screen. */
static const struct fixed_column wait_columns[] = {
    {.name = "SINCE",        .type = VALUE_DURATION, .get = get_since,                          .style = STYLE_LABEL},
    {.name = "PID",                      .type = VALUE_PID,                                .get = get_pid                                  },
    {.name = "COMMAND",                      .type = VALUE_STRING,                            .get = get_command},
    {.name = "WAITS-FOR",                      .type = VALUE_WORD,                          .get = get_object,                                   .style = STYLE_STRONG},
    {.name = "STUCK", .type = VALUE_WORD,                       .get = get_stuck,                .style_of = style_of_stuck},
    {.name = "HOLDER",      .type = VALUE_PID,.get = get_holder     },
    {.name = "STATE",.type = VALUE_WORD,                          .get = get_state,                                                              .style_of = style_of_state},
    {.name = "CALL",     .type = VALUE_WORD,.get = get_call},
    {.name = "HELD-BY",         .type = VALUE_STRING,         .get = get_holder_command                                                 },
};

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

const struct screen screen_waits = {
    .name = "Waits",
    .empty = "nobody waits",
    .needs = NEED_USERS | NEED_WAITERS | NEED_VALUES | NEED_VERDICTS,
    .rows = rows,
    FIXED_COLUMNS(wait_columns),
};
