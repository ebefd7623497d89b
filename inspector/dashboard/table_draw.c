/* table_draw.c - draws a table: columns that fit, headings, the rows in view, a scroll position. */
#include "common/strbuf.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/draw.h"
#include "inspector/dashboard/table.h"
#include "inspector/dashboard/terminal.h"
#include "inspector/value_format.h"

#include <string.h>

/* Marks before each row (tag, finding), and how wide a column may get. */
enum { MARKS = 2, WIDEST = 40, LAST_LEAST = 10 };

/* Columns for each step down in a tree. */
enum { STEP = 2 };

void table_cell_text(const struct dashboard *dashboard, const struct table *table, const struct row *row,
                     const struct heading *heading, struct strbuf *ret_text)
{
    static const struct value_style plain = {0};
    AUTO_STRBUF struct strbuf scratch = {0};
    struct value value = table->screen->cell(dashboard, row, heading, &scratch);
    strbuf_clear(ret_text);
    /* Fractions of a second would flicker. */
    if (value.type == VALUE_DURATION)
        value.number -= value.number % UINT64_C(1000000000);
    if (value.type == VALUE_NONE)
        return;
    if (heading->format)
        heading->format(row->thing, value, ret_text);
    else
        value_format(ret_text, value, &plain);
}

/* Below another row, and behind the mark. */
static int indent_of(const struct row *row)
{
    return row->fold == FOLD_NONE ? 0 : STEP * (row->depth + 1);
}

static const char *fold_mark(enum fold fold)
{
    bool fine = terminal_has_fine_blocks();
    switch (fold) {
    case FOLD_SHUT: return fine ? "▸" : "+";
    case FOLD_OPEN: return fine ? "▾" : "-";
    default: return " ";
    }
}

static void widen(const struct dashboard *dashboard, struct table *table, size_t last_row)
{
    AUTO_STRBUF struct strbuf text = {0};
    for (size_t i = 0; i < table->heading_count; i++) {
        int width = draw_width(table->headings[i].name) + 1; /* room for the sort mark */
        table->widths[i] = width > table->widths[i] ? width : table->widths[i];
        for (size_t j = table->top; j < last_row; j++) {
            const struct row *row = &table->rows.items[j];
            table_cell_text(dashboard, table, row, &table->headings[i], &text);
            width = draw_width(strbuf_text(&text)) + (i ? 0 : indent_of(row));
            width = width > WIDEST ? WIDEST : width;
            table->widths[i] = width > table->widths[i] ? width : table->widths[i];
        }
    }
}

/* Columns before the last give way, from the right, until the last one has room. */
static void fit(const struct table *table, int width, int *ret_widths)
{
    size_t count = table->heading_count, last = count - 1;
    int total = 0;
    for (size_t i = 0; i < last; i++) {
        ret_widths[i] = table->widths[i];
        total += ret_widths[i] + 1;
    }
    int least = count > 1 ? LAST_LEAST : 0;
    for (size_t i = last; i-- > 1 && total + least > width;) {
        total -= ret_widths[i] + 1;
        ret_widths[i] = 0;
    }
    if (count > 1 && total + least > width) {
        ret_widths[0] = width - 1 < table->widths[0] ? width - 1 : table->widths[0];
        total = ret_widths[0] + 1;
    }
    ret_widths[last] = width > total ? width - total : 0;
}

static const char *sort_mark(bool descending)
{
    if (!terminal_has_fine_blocks())
        return descending ? "v" : "^";
    return descending ? "▼" : "▲";
}

static void draw_headings(const struct table *table, int y, int x, int width, const int *widths)
{
    AUTO_STRBUF struct strbuf text = {0};
    draw_fill(y, x, width, STYLE_HEADING);
    x += MARKS;
    for (size_t i = 0; i < table->heading_count; i++) {
        const struct heading *heading = &table->headings[i];
        bool sorted = table_is_sorted_by(table, heading->name);
        enum style style = sorted ? STYLE_SORTED : STYLE_HEADING;
        if (!widths[i])
            continue;
        strbuf_clear(&text);
        strbuf_add_string(&text, heading->name);
        if (sorted)
            strbuf_add_string(&text, sort_mark(table->descending));
        if (value_is_aligned_right(heading->type))
            draw_text_right(y, x, widths[i], style, strbuf_text(&text));
        else
            draw_text(y, x, widths[i], style, strbuf_text(&text));
        x += widths[i] + 1;
    }
}

static void draw_marks(const struct dashboard *dashboard, const struct row *row, int y, int x, bool selected)
{
    const struct object *object = row->type == ROW_OBJECT ? row->thing : NULL;
    enum style style = selected ? STYLE_SELECTED : STYLE_TEXT;
    const char *tag = " ", *mark = " ";
    enum style mark_style = style;
    if (object && dashboard->model.tracks[object->index]->tagged)
        tag = "*";
    const struct finding *finding = object ? dashboard->model.view.finding_of[object->index] : NULL;
    if (finding) {
        mark = finding->confidence == CONFIDENCE_HINT ? "?" : "!";
        mark_style = style_of_confidence(finding->confidence);
    }
    draw_text(y, x, 1, *tag == '*' && !selected ? STYLE_TAGGED : style, tag);
    draw_text(y, x + 1, 1, selected ? style : mark_style, mark);
}

static void draw_row(const struct dashboard *dashboard, const struct table *table, const struct row *row,
                     int y, int x, int width, const int *widths)
{
    AUTO_STRBUF struct strbuf text = {0};
    bool selected = row == table_selected(table);
    draw_fill(y, x, width, selected ? STYLE_SELECTED : STYLE_TEXT);
    draw_marks(dashboard, row, y, x, selected);
    x += MARKS;
    for (size_t i = 0; i < table->heading_count; i++) {
        const struct heading *heading = &table->headings[i];
        int indent = i ? 0 : indent_of(row);
        enum style style = table->screen->style(dashboard, row, heading);
        style = selected ? style_selected(style) : style;
        if (widths[i] <= indent)
            continue;
        table_cell_text(dashboard, table, row, heading, &text);
        if (value_is_aligned_right(heading->type))
            draw_text_right(y, x, widths[i], style, strbuf_text(&text));
        else
            draw_text(y, x + indent, widths[i] - indent, style, strbuf_text(&text));
        if (indent)
            draw_text(y, x + indent - STEP, 1, style, fold_mark(row->fold));
        x += widths[i] + 1;
    }
}

static void scroll_into_view(struct table *table, size_t visible)
{
    if (table->selected < table->top)
        table->top = table->selected;
    if (table->selected >= table->top + visible)
        table->top = table->selected - visible + 1;
    if (table->top + visible > table->rows.count)
        table->top = table->rows.count > visible ? table->rows.count - visible : 0;
}

static const char *why_empty(const struct dashboard *dashboard, const struct table *table)
{
    if (!dashboard->model.snapshot)
        return "looking around ...";
    return dashboard->filter || dashboard->selection.by_user ? "nothing passes the filter; Esc drops it"
                                                             : table->screen->empty;
}

void table_draw(const struct dashboard *dashboard, struct table *table, int y, int x, int height, int width)
{
    int widths[TABLE_COLUMNS_MAX];
    if (height < 2 || width < 8 || !table->heading_count)
        return;
    size_t visible = (size_t)height - 1;
    table->y = y + 1;
    table->height = height - 1;
    table->x = x;
    table->width = width;
    scroll_into_view(table, visible);
    size_t end = table->top + visible < table->rows.count ? table->top + visible : table->rows.count;
    widen(dashboard, table, end);
    fit(table, width - MARKS, widths);
    draw_headings(table, y, x, width, widths);
    for (size_t i = table->top; i < end; i++)
        draw_row(dashboard, table, &table->rows.items[i], y + 1 + (int)(i - table->top), x, width, widths);
    if (!table->rows.count)
        draw_text(y + 2, x + 2, width - 2, STYLE_DIM, why_empty(dashboard, table));
}

long table_row_at(const struct table *table, int y)
{
    long row = (long)table->top + y - table->y;
    return y >= table->y && y < table->y + table->height && row < (long)table->rows.count ? row : -1;
}

bool table_fold_at(const struct table *table, long row, int x)
{
    const struct row *at = &table->rows.items[row];
    int start = table->x + MARKS + indent_of(at) - STEP;
    return at->fold >= FOLD_SHUT && x >= start && x < start + STEP;
}

const struct heading *table_heading_at(const struct table *table, int x)
{
    int widths[TABLE_COLUMNS_MAX], start = table->x + MARKS;
    if (!table->heading_count)
        return NULL;
    fit(table, table->width - MARKS, widths);
    for (size_t i = 0; i < table->heading_count; i++) {
        if (widths[i] && x >= start && x <= start + widths[i])
            return &table->headings[i];
        start += widths[i] ? widths[i] + 1 : 0;
    }
    return NULL;
}
