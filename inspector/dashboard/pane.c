/* pane.c - see pane.h. The lines are those of `shmoo show`; findings and history are the dashboard's own. */
#include "inspector/dashboard/pane.h"

#include "common/strbuf.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/draw.h"
#include "inspector/detail.h"
#include "inspector/value_format.h"

#include <stdio.h>
#include <string.h>

enum { LABEL_WIDTH = 16 };

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
            snprintf(text, sizeof(text), "certain if %s", finding->confirm);
            draw_line(pane, "", STYLE_DIM, text);
        }
    }
}

static void draw_history(struct pane *pane, const struct track *track)
{
    static const char *const names[HISTORY_SERIES] = {
        [SERIES_BYTES] = "Bytes lately", [SERIES_FILL] = "Queued lately", [SERIES_USERS] = "Users lately"};
    for (size_t i = 0; i < HISTORY_SERIES; i++) {
        bool any = false;
        int y;
        for (size_t j = 0; j < track->samples; j++)
            any |= track->history[i][j] > 0;
        if (!any || !in_view(pane, &y))
            continue;
        draw_text(y, pane->x, LABEL_WIDTH, STYLE_LABEL, names[i]);
        draw_spark(y, pane->x + LABEL_WIDTH, pane->width - LABEL_WIDTH, STYLE_GOOD, track->history[i],
                   track->samples);
    }
}

static void draw_rates(struct pane *pane, const struct rates *rates)
{
    char text[160];
    if (rates->bytes == 0 && rates->messages == 0 && rates->attachments == 0)
        return;
    snprintf(text, sizeof(text), "%+.0f bytes/s  %+.1f messages/s  %+.1f users/s", rates->bytes,
             rates->messages, rates->attachments);
    draw_line(pane, "Growing by", STYLE_CHANGED, text);
}

static void draw_detail(struct pane *pane, const struct detail *detail)
{
    for (size_t i = 0; i < detail->lines.count; i++) {
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
    AUTO_STRBUF struct strbuf scratch = {0};
    AUTO_STRBUF struct strbuf text = {0};
    for (size_t i = 0; i < table->heading_count; i++) {
        const struct heading *heading = &table->headings[i];
        strbuf_clear(&scratch);
        strbuf_clear(&text);
        struct value value = table->screen->cell(dashboard, row, heading, &scratch);
        value_format(&text, value, &(struct value_style){0});
        if (value.type != VALUE_NONE && text.length)
            draw_line(pane, heading->name, table->screen->style(dashboard, row, heading), strbuf_text(&text));
    }
}

void pane_draw(struct dashboard *dashboard, int y, int x, int height, int width)
{
    const struct table *table = dashboard_table(dashboard);
    const struct row *row = table_selected(table);
    const struct object *object = row ? row_object(dashboard, row) : NULL;
    const struct process *process = row && !object ? row_process(dashboard, row) : NULL;
    AUTO_DETAIL struct detail detail = {0};
    if (height < 2)
        return;
    draw_rule(y, x, width);
    struct pane pane = {
        .y = y + 1, .x = x + 1, .height = height - 1, .width = width - 2, .top = dashboard->detail_top};
    if (object) {
        draw_text(y, x + 2,
                  draw_width(object->label) + 2 < width - 4 ? draw_width(object->label) + 2 : width - 4,
                  STYLE_TITLE, object->label);
        draw_findings(&pane, &dashboard->model, object);
        draw_history(&pane, dashboard->model.tracks[object->index]);
        draw_rates(&pane, &dashboard->model.tracks[object->index]->rates);
        detail_add_object(&detail, dashboard->model.snapshot, object);
    } else if (process) {
        detail_add_process(&detail, dashboard->model.snapshot, process);
    } else if (row) {
        draw_cells(&pane, dashboard, table, row);
    } else {
        draw_heading(&pane, STYLE_DIM, "nothing is selected");
    }
    draw_detail(&pane, &detail);
    int last = pane.line - pane.height;
    dashboard->detail_top = dashboard->detail_top > last ? (last > 0 ? last : 0) : dashboard->detail_top;
}
