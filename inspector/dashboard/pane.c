/* pane.c - see pane.h. The lines are those of `shmoo show`; findings and history are the dashboard's own. */
#include "inspector/dashboard/pane.h"

#include "common/strbuf.h"
#include "common/units.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/draw.h"
#include "inspector/detail.h"
#include "inspector/rate_column.h"
#include "inspector/value_format.h"

#include <stdio.h>
#include <string.h>

/* RANGE_WIDTH is room for "  1000K to 1000M". */
enum { LABEL_WIDTH = 16, RANGE_WIDTH = 20 };

/* What is drawn of a pane: `line` counts all lines, those from `top` on are in view. */
struct pane {
    int y, x, height, width;
    int top, line;
};

static bool in_view(struct pane *pane, int *ret_y)
{
    int y = pane->y + pane->line++ - pane->top;
    *ret_y = y;
    return y >= pane->y && y < pane->y + pane->height;
}

static void draw_heading(struct pane *pane, enum style style, const char *text)
{
    int y;
    if (in_view(pane, &y))
        draw_text(y, pane->x, pane->width, style, text);
}

/* On as many lines as it needs: the end of a reason tells as much as its beginning. */
static void draw_line(struct pane *pane, const char *label, enum style style, const char *text)
{
    int y, indent = pane->width > 2 * LABEL_WIDTH ? LABEL_WIDTH : pane->width / 3;
    do {
        size_t length = draw_wrap(text, pane->width - indent);
        if (in_view(pane, &y)) {
            struct draw_run run = {.y = y, .x = pane->x + indent, .end = pane->x + pane->width};
            draw_text(y, pane->x, indent, STYLE_LABEL, label);
            draw_add(&run, style, "%.*s", (int)length, text);
        }
        label = "";
        text += length;
        text += strspn(text, " ");
    } while (*text);
}

static void draw_findings(struct pane *pane, const struct model *model, const struct object *object)
{
    array_each(&model->view.findings.all, finding)
    {
        char text[700];
        if (!finding_concerns(finding, object))
            continue;
        snprintf(text, sizeof(text), "%s (%s): %s", finding->rule->singular,
                 confidence_name(finding->confidence), finding->reason);
        draw_line(pane, "Finding", style_of_confidence(finding->confidence), text);
        if (finding->confirm) {
            snprintf(text, sizeof(text), "%s %s", confidence_condition(finding->confidence),
                     finding->confirm);
            draw_line(pane, "", STYLE_DIM, text);
        }
    }
}

static void format_sample(char text[UNITS_TEXT_MAX], enum series series, float sample)
{
    if (series == SERIES_BYTES)
        units_format_size((uint64_t)sample, text);
    else
        snprintf(text, UNITS_TEXT_MAX, "%.0f", (double)sample);
}

/* The line and what it goes between; what stays the same is no line worth drawing. */
static void draw_series(struct pane *pane, const char *name, enum series series, const struct track *track)
{
    const float *samples = track->history[series];
    float least = samples[0], most = samples[0];
    char from[UNITS_TEXT_MAX], to[UNITS_TEXT_MAX];
    int y;
    for (size_t i = 0; i < track->samples; i++) {
        least = samples[i] < least ? samples[i] : least;
        most = samples[i] > most ? samples[i] : most;
    }
    if (most <= 0 || !in_view(pane, &y))
        return;
    format_sample(from, series, least);
    format_sample(to, series, most);
    struct draw_run run = {.y = y, .x = pane->x + LABEL_WIDTH, .end = pane->x + pane->width};
    draw_text(y, pane->x, LABEL_WIDTH, STYLE_LABEL, name);
    if (least < most) {
        int room = pane->width - LABEL_WIDTH - RANGE_WIDTH;
        draw_spark(y, run.x, room, STYLE_GOOD, samples, track->samples);
        run.x += (int)track->samples < room ? (int)track->samples : room;
        draw_add(&run, STYLE_DIM, "  %s to %s", from, to);
    } else {
        draw_add(&run, STYLE_DIM, "steady at %s", to);
    }
}

static void draw_history(struct pane *pane, const struct track *track)
{
    draw_series(pane, "Bytes lately", SERIES_BYTES, track);
    draw_series(pane, "Queued lately", SERIES_FILL, track);
    draw_series(pane, "Users lately", SERIES_USERS, track);
}

static void draw_rates(struct pane *pane, const struct rates *rates)
{
    AUTO_STRBUF struct strbuf text = {0};
    for (const struct column *column = rate_columns; column->name; column++) {
        struct value value = rate_column_value(column, rates);
        if (!value_known(value) || !value.change)
            continue;
        strbuf_add_string(&text, text.length ? "  " : "");
        value_format(&text, value, &(struct value_style){0});
        strbuf_add_format(&text, " %s", column->name);
    }
    if (text.length)
        draw_line(pane, "Growing by", STYLE_CHANGED, strbuf_text(&text));
}

/* Its first line, a heading, is the title of the pane. */
static void draw_detail(struct pane *pane, const struct detail *detail)
{
    for (size_t i = 1; i < detail->lines.count; i++) {
        const struct detail_line *line = &detail->lines.items[i];
        if (line->label)
            draw_line(pane, line->label, STYLE_TEXT, line->text);
        else
            draw_heading(pane, STYLE_STRONG, line->text);
    }
}

/* What is neither: all its cells, which the list may have had to cut. */
static void draw_cells(struct pane *pane, const struct dashboard *dashboard, const struct table *table,
                       const struct row *row)
{
    AUTO_STRBUF struct strbuf text = {0};
    for (size_t i = 0; i < table->heading_count; i++) {
        const struct heading *heading = &table->headings[i];
        table_cell_text(dashboard, table, row, heading, &text);
        if (text.length)
            draw_line(pane, heading->name, table->screen->style(dashboard, row, heading), strbuf_text(&text));
    }
}

static void draw_title(int y, int x, int width, const struct detail *detail)
{
    struct draw_run run = {.y = y, .x = x + 2, .end = x + width - 2};
    draw_rule(y, x, width);
    if (detail->lines.count)
        draw_add(&run, STYLE_TITLE, " %s ", detail->lines.items[0].text);
}

static void draw_object(struct pane *pane, const struct model *model, const struct object *object)
{
    draw_findings(pane, model, object);
    draw_history(pane, model->tracks[object->index]);
    draw_rates(pane, &model->rates[object->index]);
}

/* Scrolling ends with the last line. */
static int clip_top(const struct pane *pane, int top)
{
    int last = pane->line - pane->height;
    if (last < 0)
        return 0;
    return top > last ? last : top;
}

void pane_draw(struct dashboard *dashboard, int y, int x, int height, int width)
{
    const struct model *model = &dashboard->model;
    const struct table *table = dashboard_table(dashboard);
    const struct row *row = table_selected(table);
    const struct object *object = row ? row_object(dashboard, row) : NULL;
    const struct process *process = row && !object ? row_process(dashboard, row) : NULL;
    AUTO_DETAIL struct detail detail = {0};
    if (height < 2)
        return;
    if (object)
        detail_add_object(&detail, model->snapshot, object);
    else if (process)
        detail_add_process(&detail, model->snapshot, process);
    draw_title(y, x, width, &detail);
    struct pane pane = {
        .y = y + 1, .x = x + 1, .height = height - 1, .width = width - 2, .top = dashboard->detail_top};
    if (object)
        draw_object(&pane, model, object);
    else if (!row)
        draw_heading(&pane, STYLE_DIM, "nothing is selected");
    else if (!process)
        draw_cells(&pane, dashboard, table, row);
    draw_detail(&pane, &detail);
    dashboard->detail_top = clip_top(&pane, dashboard->detail_top);
}
