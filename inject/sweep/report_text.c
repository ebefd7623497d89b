/*
 * report_text.c - findings, worst first, and the shmoo plot, for a terminal. Colour is never the only sign:
 * each verdict has a word and a letter of its own.
 */
#include "common/strbuf.h"
#include "inject/calls.h"
#include "inject/names.h"
#include "inject/sweep/plot.h"
#include "inject/sweep/report.h"
#include "inject/sweep/result_json.h"
#include "inject/sweep/words.h"

#include <errno.h>
#include <string.h>

enum { LABEL_MAX = 48, CELL_WIDTH = 2, LEFT_SHOWN = 5, STACK_SHOWN = 8 };

/* Select Graphic Rendition, ECMA-48 8.3.117. */
static const char *const colours[VERDICT_COUNT] = {
    [VERDICT_unjudged] = "2",  [VERDICT_tolerated] = "32", [VERDICT_handled] = "32",
    [VERDICT_mute] = "33",     [VERDICT_silent] = "33",    [VERDICT_leak] = "35",
    [VERDICT_poisoned] = "35", [VERDICT_hang] = "36;1",    [VERDICT_crash] = "31;1",
};

static void add_coloured(struct strbuf *text, const struct report_view *view, unsigned verdict,
                         const char *word)
{
    if (view->colours && colours[verdict])
        strbuf_add_format(text, "\x1b[%sm%s\x1b[m", colours[verdict], word);
    else
        strbuf_add_string(text, word);
}

/* --- findings --- */

static void add_line(struct strbuf *text, const char *name, const char *outside)
{
    if (!outside)
        return;
    strbuf_add_format(text, "    %-9s ", name);
    words_add(text, outside);
    strbuf_add_char(text, '\n');
}

static void add_left(struct strbuf *text, const char *left)
{
    unsigned shown = 0;
    while (left && *left && shown < LEFT_SHOWN) {
        size_t length = strcspn(left, "\n");
        strbuf_add_format(text, "    %-9s ", shown++ ? "" : "left");
        words_lines(text, left, length, "");
        left += length + (left[length] == '\n');
    }
    if (left && *left)
        strbuf_add_string(text, "              …\n");
}

/* What starts a program in libc says nothing. */
static bool starts_program(const struct frame *frame)
{
    return frame->function &&
           (strncmp(frame->function, "__libc_start", 12) == 0 || strcmp(frame->function, "_start") == 0);
}

static void add_stack(struct strbuf *text, const char *name, const struct frame *frames, uint32_t count)
{
    while (count && starts_program(&frames[count - 1]))
        count--;
    for (uint32_t index = 0; index < count && index < STACK_SHOWN; index++) {
        strbuf_add_format(text, "    %-9s ", index ? "" : name);
        words_frame(text, &frames[index]);
        strbuf_add_char(text, '\n');
    }
    if (count > STACK_SHOWN)
        strbuf_add_format(text, "    %-9s … %u more\n", "", count - STACK_SHOWN);
}

static void add_finding(struct strbuf *text, const struct sweep_result *result,
                        const struct report_view *view, const struct finding_cluster *finding)
{
    const struct outcome *outcome = finding_outcome(result, finding);
    const struct trial *trial = &outcome->trial;
    const struct frame *caller = words_caller(result, outcome);
    const struct site *site = outcome_site(result, outcome);
    add_coloured(text, view, outcome->verdict, verdicts[outcome->verdict].name);
    strbuf_add_string(text, ": ");
    words_fault(text, result, outcome);
    if (caller) {
        strbuf_add_string(text, " in ");
        words_frame(text, caller);
    }
    if (trial->occurrence > 1)
        strbuf_add_format(text, ", call %u", trial->occurrence);
    if (outcome->flaky)
        strbuf_add_string(text, ", not every time");
    strbuf_add_char(text, '\n');
    add_line(text, "because", outcome->reason);
    add_left(text, outcome->left);
    add_stack(text, "crashed", outcome->frames, outcome->frame_count);
    if (site && site->frame_count > 1)
        add_stack(text, "called", site->frames, site->frame_count);
    AUTO_STRBUF struct strbuf replay = {0};
    result_add_replay(&replay, result, finding->id);
    add_line(text, "again", strbuf_text(&replay));
    add_line(text, "rule", outcome->rule);
    if (finding->member_count > 1)
        strbuf_add_format(text, "    %-9s %u trials with this cause\n", "in", finding->member_count);
    strbuf_add_char(text, '\n');
    text->failed |= replay.failed;
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void add_summary(struct strbuf *text, const struct sweep_result *result)
{
    size_t accepted = 0;
    array_each(&result->findings, finding) accepted += finding->accepted;
    size_t new = result->findings.count - accepted, trials = result->outcomes.count;
    strbuf_add_format(text, "%zu finding%s", new, plural(new));
    if (accepted)
        strbuf_add_format(text, " (and %zu accepted by the baseline)", accepted);
    strbuf_add_format(text, " in %zu", trials);
    if (!result->complete)
        strbuf_add_format(text, " of %u", result->planned);
    strbuf_add_format(text, " trial%s at %zu place%s: ", plural(result->complete ? trials : result->planned),
                      result->sites.count, plural(result->sites.count));
    words_command(text, result);
    strbuf_add_string(text, "\n");
}

/* --- plot --- */

/* Cut to so many characters and padded; every character of UTF-8 counts as one column. */
static void add_padded(struct strbuf *text, const char *label, size_t width)
{
    size_t columns = 0, whole = 0;
    for (const char *at = label; *at; at++)
        whole += (*at & 0xC0) != 0x80;
    bool cut = whole > width;
    for (const char *at = label; *at; at++) {
        bool starts = (*at & 0xC0) != 0x80;
        if (starts && columns + cut == width)
            break;
        columns += starts;
        strbuf_add_char(text, *at);
    }
    if (cut)
        strbuf_add_string(text, "…");
    for (columns += cut; columns < width; columns++)
        strbuf_add_char(text, ' ');
}

static const char *column_label(const struct plot_column *column)
{
    return column->error ? names_error(column->error) : trial_modes[column->mode].name;
}

/* Labels stand upright on the plot, a letter a line. */
static void add_headings(struct strbuf *text, const struct plot *plot, size_t first, size_t last,
                         size_t indent)
{
    size_t height = 0;
    for (size_t column = first; column < last; column++) {
        size_t length = strlen(column_label(&plot->columns.items[column]));
        height = length > height ? length : height;
    }
    for (size_t line = 0; line < height; line++) {
        strbuf_add_format(text, "%*s", (int)indent, "");
        for (size_t column = first; column < last; column++) {
            const char *label = column_label(&plot->columns.items[column]);
            size_t above = height - strlen(label);
            strbuf_add_format(text, " %c", line < above ? ' ' : label[line - above]);
        }
        strbuf_add_char(text, '\n');
    }
}

static void add_cells(struct strbuf *text, const struct report_view *view, const struct plot *plot,
                      size_t row, size_t first, size_t last)
{
    for (size_t column = first; column < last; column++) {
        uint8_t cell = plot_cell(plot, row, column);
        char letter[] = {cell ? verdicts[cell - 1].cell : ' ', '\0'};
        strbuf_add_char(text, ' ');
        if (cell)
            add_coloured(text, view, cell - 1, letter);
        else
            strbuf_add_string(text, letter);
    }
    strbuf_add_char(text, '\n');
}

static void add_legend(struct strbuf *text, const struct report_view *view, const struct plot *plot)
{
    bool seen[VERDICT_COUNT] = {0};
    for (size_t index = 0; index < plot->rows.count * plot->columns.count; index++)
        if (plot->cells[index])
            seen[plot->cells[index] - 1] = true;
    for (unsigned verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        char letter[] = {verdicts[verdict].cell, '\0'};
        if (!seen[verdict] || *letter == ' ')
            continue;
        strbuf_add_string(text, "  ");
        add_coloured(text, view, verdict, letter);
        strbuf_add_format(text, " %-10s %s\n", verdicts[verdict].name, verdicts[verdict].text);
    }
}

/* Sites come first, settings last; so do their columns. */
static size_t count_sites(const struct plot *plot)
{
    size_t count = 0;
    while (count < plot->rows.count && plot->rows.items[count].site >= 0)
        count++;
    return count;
}

static size_t label_width(const struct sweep_result *result, const struct report_view *view,
                          const struct plot *plot, size_t sites)
{
    size_t widest = 0, most = view->width / 2 < LABEL_MAX ? view->width / 2 : LABEL_MAX;
    for (size_t row = 0; row < sites; row++) {
        AUTO_STRBUF struct strbuf label = {0};
        words_site(&label, result, &result->sites.items[plot->rows.items[row].site]);
        if (label.length > widest)
            widest = label.length;
    }
    return widest < most ? widest : most;
}

static void add_sites(struct strbuf *text, const struct sweep_result *result, const struct report_view *view,
                      const struct plot *plot, size_t sites)
{
    size_t columns = plot->columns.count - (sites < plot->rows.count);
    size_t indent = label_width(result, view, plot, sites);
    size_t fit = view->width > indent + CELL_WIDTH ? (view->width - indent) / CELL_WIDTH : 1;
    for (size_t first = 0; first < columns; first += fit) {
        size_t last = first + fit < columns ? first + fit : columns;
        add_headings(text, plot, first, last, indent);
        for (size_t row = 0; row < sites; row++) {
            AUTO_STRBUF struct strbuf label = {0};
            words_site(&label, result, &result->sites.items[plot->rows.items[row].site]);
            add_padded(text, strbuf_text(&label), indent);
            add_cells(text, view, plot, row, first, last);
        }
        strbuf_add_char(text, '\n');
    }
}

/* The call that failed in a setting, or NULL. */
static const char *blamed_call(const struct sweep_result *result, const char *setting)
{
    array_each(&result->outcomes, outcome)
    {
        if (outcome->blame && strcmp(outcome->trial.setting, setting) == 0)
            return calls[outcome->blame->call].name;
    }
    return NULL;
}

/* Settings have one cell each: they go side by side. */
static void add_settings(struct strbuf *text, const struct sweep_result *result,
                         const struct report_view *view, const struct plot *plot, size_t first)
{
    size_t column = plot->columns.count - 1, used = 0;
    for (size_t row = first; row < plot->rows.count; row++) {
        AUTO_STRBUF struct strbuf setting = {0};
        const char *call = blamed_call(result, plot->rows.items[row].setting);
        words_add(&setting, plot->rows.items[row].setting);
        if (call && setting.length + strlen(call) + strlen("L  ()") <= view->width)
            strbuf_add_format(&setting, " (%s)", call);
        char letter[] = {verdicts[plot_cell(plot, row, column) - 1].cell, '\0'};
        size_t width = setting.length + 4;
        if (used && used + width > view->width) {
            strbuf_add_char(text, '\n');
            used = 0;
        }
        strbuf_add_string(text, used ? "  " : "");
        add_coloured(text, view, plot_cell(plot, row, column) - 1, letter);
        strbuf_add_format(text, " %s", strbuf_text(&setting));
        used += width;
    }
    if (first < plot->rows.count)
        strbuf_add_string(text, "\n\n");
}

static void add_plot(struct strbuf *text, const struct sweep_result *result, const struct report_view *view,
                     const struct plot *plot)
{
    size_t sites = count_sites(plot);
    if (!plot->columns.count)
        return;
    add_sites(text, result, view, plot, sites);
    add_settings(text, result, view, plot, sites);
    add_legend(text, view, plot);
}

static int write(const struct sweep_result *result, const struct report_view *view, FILE *out)
{
    AUTO_STRBUF struct strbuf text = {0};
    struct plot plot = {0};
    int r = plot_make(result, &plot);
    if (r < 0)
        return r;
    array_each(&result->findings, finding)
    {
        if (!finding->accepted)
            add_finding(&text, result, view, finding);
    }
    add_plot(&text, result, view, &plot);
    array_each(&result->notes, note) add_line(&text, "note", *note);
    add_summary(&text, result);
    plot_free(&plot);
    if (text.failed)
        return -ENOMEM;
    return fwrite(strbuf_text(&text), 1, text.length, out) == text.length ? 0 : -EIO;
}

const struct report report_text = {.name = "text", .write = write};
