/*
 * render_raw.c - one line an object, values separated by one space, for scripts. Spaces inside a value are
 * escaped like everything else that could make two of one.
 */
#include "common/strbuf.h"
#include "inspector/renderer.h"
#include "probes/snapshot.h"

#include <errno.h>

static void add_headings(const struct listing *listing, struct strbuf *line)
{
    for (size_t i = 0; i < listing->columns->count; i++) {
        strbuf_add_string(line, i ? " " : "");
        column_header(line, listing->columns->items[i]);
    }
}

static void add_row(const struct listing *listing, const struct object *object, struct strbuf *line,
                    struct strbuf *scratch)
{
    struct value_style style = listing->style;
    style.escape = " ";
    for (size_t i = 0; i < listing->columns->count; i++) {
        strbuf_add_string(line, i ? " " : "");
        value_format(line, column_value(listing->columns->items[i], listing->snapshot, object, scratch),
                     &style);
    }
}

static int write_line(struct strbuf *line, FILE *out)
{
    strbuf_add_char(line, '\n');
    if (line->failed)
        return -ENOMEM;
    fwrite(line->text, 1, line->length, out);
    strbuf_clear(line);
    return 0;
}

static int render(const struct listing *listing, FILE *out)
{
    AUTO_STRBUF struct strbuf line = {0}, scratch = {0};
    int r = 0;
    if (listing->headings) {
        add_headings(listing, &line);
        r = write_line(&line, out);
    }
    for (size_t i = 0; i < listing->count && r == 0; i++) {
        add_row(listing, listing->objects[i], &line, &scratch);
        r = write_line(&line, out);
    }
    return scratch.failed ? -ENOMEM : r;
}

const struct renderer render_raw = {.name = "raw", .render = render};
