/* screen_events.c - what happened since the start, the newest first. */
#include "inspector/dashboard/dashboard.h"

#include <errno.h>
#include <string.h>

extern const struct screen screen_events;

static void headings(const struct dashboard *dashboard, struct table *table)
{
    static const struct heading all[] = {
        {"TIME",   VALUE_TIME, "t"},
        {"EVENT",  VALUE_WORD, "e"},
        {"OBJECT", VALUE_WORD, "o"},
        {"DETAIL", VALUE_WORD, "d"},
    };
    (void)dashboard;
    memcpy(table->headings, all, sizeof(all));
    table->heading_count = COUNT_OF(all);
}

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

static struct value word(const char *text)
{
    return value_word(text ? text : "");
}

static struct value cell(const struct dashboard *dashboard, const struct row *row,
                         const struct heading *heading, struct strbuf *scratch)
{
    const struct event *event = row->thing;
    (void)dashboard;
    (void)scratch;
    switch (*(const char *)heading->column) {
    case 't': return value_of(VALUE_TIME, event->time);
    case 'e': return word(event_type_name(event->type));
    case 'o': return word(event->label);
    default: return word(event->detail);
    }
}

static enum style style(const struct dashboard *dashboard, const struct row *row,
                        const struct heading *heading)
{
    static const enum style styles[EVENT_TYPE_COUNT] = {
        [EVENT_APPEARED] = STYLE_NEW,   [EVENT_VANISHED] = STYLE_GONE,  [EVENT_GREW] = STYLE_CHANGED,
        [EVENT_SHRANK] = STYLE_CHANGED, [EVENT_ATTACHED] = STYLE_LABEL, [EVENT_DETACHED] = STYLE_LABEL,
        [EVENT_STATE] = STYLE_WARN,     [EVENT_WAITS] = STYLE_WARN,
    };
    const struct event *event = row->thing;
    (void)dashboard;
    switch (*(const char *)heading->column) {
    case 'e': return styles[event->type];
    case 'o': return STYLE_STRONG;
    default: return STYLE_TEXT;
    }
}

const struct screen screen_events = {
    .name = "Events",
    .empty = "nothing has happened since the start",
    .headings = headings,
    .rows = rows,
    .cell = cell,
    .style = style,
};
