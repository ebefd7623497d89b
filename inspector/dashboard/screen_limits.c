/*
 * screen_limits.c - use against every limit of the kernel. Numbers and bytes are in the same columns, sorted
 * by how much they are.
 */
#include "common/hash.h"
#include "common/strbuf.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/fixed_column.h"
#include "inspector/value_format.h"
#include "probes/limits.h"

#include <errno.h>
#include <string.h>

extern const struct screen screen_limits;

FIXED_VALUE(get_name)
{
    const struct limit *limit = thing;
    return value_word(limit->name);
}

FIXED_VALUE(get_subject)
{
    const struct limit *limit = thing;
    return limit->place ? value_word(limit->place) : limit->user;
}

FIXED_VALUE(get_use)
{
    const struct limit *limit = thing;
    return limit->use;
}

FIXED_VALUE(get_maximum)
{
    const struct limit *limit = thing;
    return limit->unlimited ? value_of(VALUE_NUMBER, UINT64_MAX) : limit->maximum;
}

FIXED_VALUE(get_percent)
{
    return limit_percent(thing);
}

FIXED_VALUE(get_summary)
{
    const struct limit *limit = thing;
    return value_word(limit->summary);
}

FIXED_VALUE(get_raise)
{
    const struct limit *limit = thing;
    return value_word(limit->raise);
}

/* What could not all be counted is at least that. */
static void format_use(const void *thing, struct value value, struct strbuf *text)
{
    const struct limit *limit = thing;
    strbuf_add_string(text, limit->partial && value_known(value) ? ">=" : "");
    value_format(text, value, &(struct value_style){0});
}

static void format_maximum(const void *thing, struct value value, struct strbuf *text)
{
    const struct limit *limit = thing;
    if (limit->unlimited)
        strbuf_add_string(text, "unlimited");
    else
        value_format(text, value, &(struct value_style){0});
}

FIXED_STYLE(style_of_percent)
{
    struct value percent = limit_percent(thing);
    return value_known(percent) ? style_of_level((unsigned)percent.number) : STYLE_DIM;
}

/* In the order of what can be done without on a narrow screen. */
static const struct fixed_column limit_columns[] = {
    {.name = "LIMIT",        .type = VALUE_WORD, .get = get_name,              .style = STYLE_STRONG},
    {.name = "FOR",          .type = VALUE_WORD, .get = get_subject          },
    {.name = "USE%", .type = VALUE_PERCENT, .get = get_percent, .style_of = style_of_percent                     },
    {.name = "USE",  .type = VALUE_NUMBER,     .get = get_use,         .format = format_use},
    {.name = "MAX",  .type = VALUE_NUMBER, .get = get_maximum,     .format = format_maximum                     },
    {.name = "WHAT",    .type = VALUE_WORD, .get = get_summary,           .style = STYLE_DIM},
    {.name = "RAISE",    .type = VALUE_WORD,   .get = get_raise,           .style = STYLE_DIM                     },
};

static uint64_t hash_text(const char *text)
{
    return text ? hash_bytes(text, strlen(text)) : 0;
}

static int rows(const struct dashboard *dashboard, struct table *table)
{
    const struct limits *limits = dashboard->model.limits;
    for (size_t i = 0; limits && i < limits->count; i++) {
        const struct limit *limit = &limits->items[i];
        uint64_t subject = hash_text(limit->place) ^ limit->user.number;
        if (!table_add(table, ROW_LIMIT, limit, hash_text(limit->name), subject))
            return -ENOMEM;
    }
    return table_sort(dashboard, table, 0);
}

const struct screen screen_limits = {
    .name = "Limits",
    .empty = "no limit could be read",
    .rows = rows,
    FIXED_COLUMNS(limit_columns),
};
