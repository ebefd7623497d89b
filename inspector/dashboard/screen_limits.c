/* screen_limits.c - use against every limit of the kernel, and what Shmem is made of. */
#include "common/hash.h"
#include "common/strbuf.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/value_format.h"
#include "probes/limits.h"

#include <errno.h>
#include <string.h>

extern const struct screen screen_limits;

static void headings(const struct dashboard *dashboard, struct table *table)
{
    static const struct heading all[] = {
        {"LIMIT", VALUE_WORD,    "l"},
        {"FOR",   VALUE_WORD,    "f"},
        {"USE",   VALUE_WORD,    "u"},
        {"MAX",   VALUE_WORD,    "m"},
        {"USE%",  VALUE_PERCENT, "p"},
        {"WHAT",  VALUE_WORD,    "w"},
        {"RAISE", VALUE_WORD,    "r"},
    };
    (void)dashboard;
    memcpy(table->headings, all, sizeof(all));
    table->heading_count = COUNT_OF(all);
}

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

static struct value text_of(struct strbuf *scratch, struct value value, const char *prefix)
{
    struct value_style style = {0};
    strbuf_add_string(scratch, prefix);
    value_format(scratch, value, &style);
    return value_word(strbuf_text(scratch));
}

static struct value cell(const struct dashboard *dashboard, const struct row *row,
                         const struct heading *heading, struct strbuf *scratch)
{
    const struct limit *limit = row->thing;
    (void)dashboard;
    switch (*(const char *)heading->column) {
    case 'l': return value_word(limit->name);
    case 'f': return limit->place ? value_word(limit->place) : limit->user;
    case 'u':
        return value_known(limit->use) ? text_of(scratch, limit->use, limit->partial ? ">=" : "")
                                       : limit->use;
    case 'm': return limit->unlimited ? value_word("unlimited") : text_of(scratch, limit->maximum, "");
    case 'p': return limit_percent(limit);
    case 'w': return value_word(limit->summary);
    default: return value_word(limit->raise);
    }
}

static enum style style(const struct dashboard *dashboard, const struct row *row,
                        const struct heading *heading)
{
    struct value percent = limit_percent(row->thing);
    (void)dashboard;
    switch (*(const char *)heading->column) {
    case 'l': return STYLE_STRONG;
    case 'p': return value_known(percent) ? style_of_level((unsigned)percent.number) : STYLE_DIM;
    case 'w':
    case 'r': return STYLE_DIM;
    default: return STYLE_TEXT;
    }
}

const struct screen screen_limits = {
    .name = "Limits",
    .empty = "no limit could be read",
    .headings = headings,
    .rows = rows,
    .cell = cell,
    .style = style,
};
