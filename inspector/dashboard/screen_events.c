/* screen_events.c - what happened since the start, the newest first. */
#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/fixed_column.h"

#include <errno.h>

extern const struct screen screen_events;

static struct value word(const char *text)
{
    return value_word(text ? text : "");
}

FIXED_VALUE(get_time)
{
    const struct event *event = thing;
    return value_of(VALUE_TIME, event->time);
}

FIXED_VALUE(get_event)
{
    const struct event *event = thing;
    return word(event_type_name(event->type));
}

FIXED_VALUE(get_object)
{
    const struct event *event = thing;
    return word(event->label);
}

FIXED_VALUE(get_detail)
{
    const struct event *event = thing;
    return word(event->detail);
}

FIXED_STYLE(style_of_event)
{
    static const enum style styles[EVENT_TYPE_COUNT] = {
        [EVENT_APPEARED] = STYLE_NEW,   [EVENT_VANISHED] = STYLE_GONE,  [EVENT_GREW] = STYLE_CHANGED,
        [EVENT_SHRANK] = STYLE_CHANGED, [EVENT_ATTACHED] = STYLE_LABEL, [EVENT_DETACHED] = STYLE_LABEL,
        [EVENT_STATE] = STYLE_WARN,     [EVENT_WAITS] = STYLE_WARN,
    };
    const struct event *event = thing;
    return styles[event->type];
}

static const struct fixed_column event_columns[] = {
    {.name = "TIME",         .type = VALUE_TIME, .get = get_time },
    {.name = "EVENT",        .type = VALUE_WORD, .get = get_event, .style_of = style_of_event},
    {.name = "OBJECT",                      .type = VALUE_WORD,                         .get = get_object,  .style = STYLE_STRONG},
    {.name = "DETAIL", .type = VALUE_WORD,                   .get = get_detail                  },
};

static int rows(const struct dashboard *dashboard, struct table *table)
{
    const struct events *events = &dashboard->model.events;
    for (size_t i = 0; i < events_kept(events); i++) {
        const struct event *event = events_get(events, i);
        if (!table_add(table, ROW_EVENT, event, event->number, 0))
            return -ENOMEM;
    }
    return table_sort(dashboard, table, 0);
}

const struct screen screen_events = {
    .name = "Events",
    .empty = "nothing has happened since the start",
    .rows = rows,
    FIXED_COLUMNS(event_columns),
};
