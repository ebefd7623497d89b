/*
 * render_table.c - the table, by libsmartcols. Values come escaped, so its own encoding is off. Only a
 * terminal cuts anything off, and only long texts: names, paths and lists of processes.
 */
#include "common/strbuf.h"
#include "inspector/delta.h"
#include "inspector/rate_column.h"
#include "inspector/renderer.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <libsmartcols/libsmartcols.h>
#include <unistd.h>

static void unref_table(struct libscols_table **table)
{
    scols_unref_table(*table);
}

/* Words of ours are short, but for the object, which holds a name. */
static bool may_be_long(const struct column *column)
{
    return column->type == VALUE_STRING || strcmp(column->name, "object") == 0;
}

static int add_column(struct libscols_table *table, const struct column *column)
{
    AUTO_STRBUF struct strbuf header = {0};
    int flags = (value_is_aligned_right(column->type) ? SCOLS_FL_RIGHT : 0) |
                (may_be_long(column) ? SCOLS_FL_TRUNC : 0);
    column_header(&header, column);
    if (header.failed || !scols_table_new_column(table, header.text, 0, flags))
        return -ENOMEM;
    return 0;
}

static struct value listed_value(const struct listing *listing, const struct column *column,
                                 const struct object *object, struct strbuf *scratch)
{
    if (column_is_rate(column) && listing->rates)
        return rate_column_value(column, &listing->rates[object->index]);
    return column_value(column, listing->snapshot, object, scratch);
}

static int add_row(struct libscols_table *table, const struct listing *listing, const struct object *object,
                   struct strbuf *text, struct strbuf *scratch)
{
    struct libscols_line *line = scols_table_new_line(table, NULL);
    if (!line)
        return -ENOMEM;
    for (size_t i = 0; i < listing->columns->count; i++) {
        strbuf_clear(text);
        value_format(text, listed_value(listing, listing->columns->items[i], object, scratch),
                     &listing->style);
        if (text->failed || scratch->failed || scols_line_set_data(line, i, strbuf_text(text)) < 0)
            return -ENOMEM;
    }
    return 0;
}

static int render(const struct listing *listing, FILE *out)
{
    AUTO_STRBUF struct strbuf text = {0}, scratch = {0};
    __attribute__((cleanup(unref_table))) struct libscols_table *table = scols_new_table();
    int r = table ? 0 : -ENOMEM;
    if (r < 0 || !listing->count)
        return r;
    scols_table_enable_noencoding(table, 1);
    scols_table_enable_noheadings(table, !listing->headings);
    scols_table_set_stream(table, out);
    for (size_t i = 0; i < listing->columns->count && r == 0; i++)
        r = add_column(table, listing->columns->items[i]);
    for (size_t i = 0; i < listing->count && r == 0; i++)
        r = add_row(table, listing, listing->objects[i], &text, &scratch);
    return r == 0 && scols_print_table(table) < 0 ? -EIO : r;
}

const struct renderer render_table = {.name = "table", .render = render};
