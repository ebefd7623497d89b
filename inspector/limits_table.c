/* limits_table.c - see limits_table.h; by libsmartcols. Texts come escaped, so its own encoding is off. */
#include "inspector/limits_table.h"

#include "common/array.h"
#include "common/strbuf.h"
#include "inspector/value_format.h"
#include "probes/limits.h"

#include <errno.h>
#include <libsmartcols/libsmartcols.h>

typedef void add_function(struct strbuf *text, const struct limit *limit, const struct value_style *style);

static void add_name(struct strbuf *text, const struct limit *limit, const struct value_style *style)
{
    (void)style;
    strbuf_add_string(text, limit->name);
}

static void add_subject(struct strbuf *text, const struct limit *limit, const struct value_style *style)
{
    if (limit->place)
        value_format(text, value_word(limit->place), style);
    else
        value_format(text, limit->user, style);
}

/* What could not all be counted is at least that. */
static void add_use(struct strbuf *text, const struct limit *limit, const struct value_style *style)
{
    strbuf_add_string(text, limit->partial ? ">=" : "");
    value_format(text, limit->use, style);
}

static void add_maximum(struct strbuf *text, const struct limit *limit, const struct value_style *style)
{
    if (limit->unlimited)
        strbuf_add_string(text, "unlimited");
    else
        value_format(text, limit->maximum, style);
}

static void add_percent(struct strbuf *text, const struct limit *limit, const struct value_style *style)
{
    value_format(text, limit_percent(limit), style);
}

static void add_summary(struct strbuf *text, const struct limit *limit, const struct value_style *style)
{
    (void)style;
    strbuf_add_string(text, limit->summary);
}

static void add_source(struct strbuf *text, const struct limit *limit, const struct value_style *style)
{
    (void)style;
    strbuf_add_string(text, limit->source);
}

static void add_raise(struct strbuf *text, const struct limit *limit, const struct value_style *style)
{
    (void)style;
    strbuf_add_string(text, limit->raise);
}

static const struct {
    const char *header;
    int flags;
    bool long_only;
    add_function *add;
} columns[] = {
    {"LIMIT",  0,              false, add_name   },
    {"FOR",    0,              false, add_subject},
    {"USE",    SCOLS_FL_RIGHT, false, add_use    },
    {"MAX",    SCOLS_FL_RIGHT, false, add_maximum},
    {"USE%",   SCOLS_FL_RIGHT, false, add_percent},
    {"WHAT",   SCOLS_FL_TRUNC, false, add_summary},
    {"SOURCE", 0,              true,  add_source },
    {"RAISE",  SCOLS_FL_TRUNC, true,  add_raise  },
};

static void unref_table(struct libscols_table **table)
{
    scols_unref_table(*table);
}

#define AUTO_TABLE __attribute__((cleanup(unref_table)))

static struct libscols_table *new_table(const struct limits_style *style, FILE *out)
{
    struct libscols_table *table = scols_new_table();
    if (!table)
        return NULL;
    scols_table_enable_noencoding(table, 1);
    scols_table_enable_noheadings(table, !style->headings);
    scols_table_set_stream(table, out);
    return table;
}

static int add_limit(struct libscols_table *table, const struct limit *limit,
                     const struct limits_style *style, struct strbuf *text)
{
    const struct value_style value_style = {.exact = style->exact};
    struct libscols_line *line = scols_table_new_line(table, NULL);
    if (!line)
        return -ENOMEM;
    for (size_t i = 0, cell = 0; i < COUNT_OF(columns); i++) {
        if (columns[i].long_only && !style->all)
            continue;
        strbuf_clear(text);
        columns[i].add(text, limit, &value_style);
        if (text->failed || scols_line_set_data(line, cell++, strbuf_text(text)) < 0)
            return -ENOMEM;
    }
    return 0;
}

int limits_table_render(const struct limits *limits, const struct limits_style *style, FILE *out)
{
    AUTO_STRBUF struct strbuf text = {0};
    AUTO_TABLE struct libscols_table *table = new_table(style, out);
    int r = table ? 0 : -ENOMEM;
    for (size_t i = 0; i < COUNT_OF(columns) && r == 0; i++)
        if (style->all || !columns[i].long_only)
            r = scols_table_new_column(table, columns[i].header, 0, columns[i].flags) ? 0 : -ENOMEM;
    for (size_t i = 0; i < limits->count && r == 0; i++)
        r = add_limit(table, &limits->items[i], style, &text);
    return r == 0 && scols_print_table(table) < 0 ? -EIO : r;
}

static int add_part(struct libscols_table *table, const char *name, uint64_t bytes, const char *summary,
                    const struct limits_style *style)
{
    AUTO_STRBUF struct strbuf text = {0};
    struct libscols_line *line = scols_table_new_line(table, NULL);
    value_format(&text, value_of(VALUE_BYTES, bytes), &(struct value_style){.exact = style->exact});
    if (!line || text.failed || scols_line_set_data(line, 0, name) < 0 ||
        scols_line_set_data(line, 1, strbuf_text(&text)) < 0 || scols_line_set_data(line, 2, summary) < 0)
        return -ENOMEM;
    return 0;
}

int shmem_table_render(const struct limits *limits, const struct limits_style *style, FILE *out)
{
    AUTO_TABLE struct libscols_table *table = new_table(style, out);
    if (!table || !scols_table_new_column(table, "SHMEM", 0, 0) ||
        !scols_table_new_column(table, "BYTES", 0, SCOLS_FL_RIGHT) ||
        !scols_table_new_column(table, "WHAT", 0, SCOLS_FL_TRUNC))
        return -ENOMEM;
    int r = 0;
    for (size_t i = 0; i < SHMEM_PARTS && r == 0; i++)
        r = add_part(table, limits->parts[i].name, limits->parts[i].bytes, limits->parts[i].summary, style);
    if (r == 0 && limits->excess)
        r = add_part(table, "excess", limits->excess, "less: swapped out, or huge pages", style);
    if (r == 0)
        r = add_part(table, "total", limits->shmem, "Shmem of /proc/meminfo", style);
    return r == 0 && scols_print_table(table) < 0 ? -EIO : r;
}
