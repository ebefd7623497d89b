/* header.c - see header.h. */
#include "inspector/dashboard/header.h"

#include "common/escape.h"
#include "common/strbuf.h"
#include "common/units.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/draw.h"
#include "inspector/dashboard/screens.h"
#include "inspector/ids.h"
#include "probes/kind.h"
#include "probes/limits.h"

#include <curses.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TOTAL_WIDTH = 24, METER_WIDTH = 30, LIMIT_NAME = 14, SMALL_SCREEN = 16, TAB_GAP = 1 };

struct total {
    uint64_t objects, bytes;
};

static int tabs_line;

static uint64_t bytes_of(const struct object *object)
{
    bool used = value_known(object->fields[FIELD_USED]);
    struct value value = object->fields[used ? FIELD_USED : FIELD_SIZE];
    return value_known(value) ? value.number : 0;
}

/* Of the kinds asked for: the limits need others too. */
static struct total sum_up(const struct dashboard *dashboard, struct total totals[KIND_COUNT])
{
    const struct snapshot *snapshot = dashboard->model.snapshot;
    struct total all = {0};
    size_t kind = 0;
    for (size_t i = 0; i < snapshot->object_count; i++) {
        const struct object *object = snapshot->objects[i];
        while (kinds[kind] != object->kind)
            kind++;
        if (object->hidden || !(dashboard->kinds & UINT64_C(1) << kind))
            continue;
        totals[kind].objects++;
        totals[kind].bytes += bytes_of(object);
        all.objects++;
        all.bytes += bytes_of(object);
    }
    return all;
}

static void draw_title(const struct dashboard *dashboard, struct total all)
{
    const struct snapshot *snapshot = dashboard->model.snapshot;
    char host[65] = "", clock[32] = "", size[UNITS_TEXT_MAX], interval[UNITS_TEXT_MAX];
    struct draw_run left = {.y = 0, .x = 1, .end = COLS - 1};
    gethostname(host, sizeof(host) - 1);
    draw_fill(0, 0, COLS, STYLE_TITLE_TEXT);
    draw_add(&left, STYLE_TITLE, "shmoo");
    draw_add(&left, STYLE_TITLE_TEXT, "  %s", host);
    if (!snapshot)
        return;
    draw_add(&left, STYLE_TITLE_TEXT, "   ");
    draw_add(&left, STYLE_TITLE, "%llu", (unsigned long long)all.objects);
    draw_add(&left, STYLE_TITLE_TEXT, " objects  ");
    draw_add(&left, STYLE_TITLE, "%s", units_format_size(all.bytes, size));
    draw_add(&left, STYLE_TITLE_TEXT, "  ");
    draw_add(&left, STYLE_TITLE, "%zu", snapshot->process_count);
    draw_add(&left, STYLE_TITLE_TEXT, " processes");

    time_t seconds = (time_t)(snapshot->time / UINT64_C(1000000000));
    struct tm local;
    char text[96];
    if (localtime_r(&seconds, &local))
        strftime(clock, sizeof(clock), "%H:%M:%S", &local);
    snprintf(text, sizeof(text), "%s%s  %s ", dashboard->wish.paused ? "PAUSED, " : "every ",
             units_format_duration(dashboard->wish.interval, interval), clock);
    int width = draw_width(text);
    if (left.x + width < COLS)
        draw_text(0, COLS - width, width, dashboard->wish.paused ? STYLE_PROMPT : STYLE_TITLE_TEXT, text);
}

/* How many lines the totals may take: a sixth of the screen. */
static int draw_totals(int y, const struct total totals[KIND_COUNT], int end)
{
    int across = end / TOTAL_WIDTH ? end / TOTAL_WIDTH : 1, room = LINES / 6, shown = 0, kinds_there = 0;
    for (size_t i = 0; i < KIND_COUNT; i++)
        kinds_there += totals[i].objects > 0;
    int lines = (kinds_there + across - 1) / across;
    lines = lines > room ? room : lines;
    for (size_t i = 0; i < KIND_COUNT && lines; i++) {
        char size[UNITS_TEXT_MAX];
        if (!totals[i].objects || shown >= lines * across)
            continue;
        int x = 1 + shown / lines * TOTAL_WIDTH;
        struct draw_run run = {.y = y + shown % lines, .x = x, .end = end};
        draw_add(&run, STYLE_LABEL, "%-9s", kinds[i]->name);
        draw_add(&run, STYLE_STRONG, "%6llu", (unsigned long long)totals[i].objects);
        draw_add(&run, STYLE_DIM, "%6s", totals[i].bytes ? units_format_size(totals[i].bytes, size) : "");
        shown++;
    }
    return y + lines;
}

/* The fullest limits as meters, one a line. */
static void draw_meters(const struct dashboard *dashboard, int y, int lines, int x, int width)
{
    const struct limits *limits = dashboard->model.limits;
    uint64_t ceiling = UINT64_MAX;
    size_t last = SIZE_MAX;
    for (int line = 0; limits && line < lines; line++) {
        const struct limit *fullest = NULL;
        uint64_t most = 0;
        size_t at = 0;
        for (size_t i = 0; i < limits->count; i++) {
            struct value percent = limit_percent(&limits->items[i]);
            bool shown = percent.number > ceiling || (percent.number == ceiling && i <= last);
            if (!value_known(percent) || shown || (fullest && percent.number <= most))
                continue;
            fullest = &limits->items[i];
            most = percent.number;
            at = i;
        }
        if (!fullest)
            return;
        char text[32];
        snprintf(text, sizeof(text), "%llu%%", (unsigned long long)most);
        draw_text(y + line, x, LIMIT_NAME, STYLE_LABEL, fullest->name);
        draw_meter(y + line, x + LIMIT_NAME, width - LIMIT_NAME, (unsigned)most, text);
        ceiling = most;
        last = at;
    }
}

static void draw_shmem(const struct dashboard *dashboard, struct draw_run *run)
{
    const struct limits *limits = dashboard->model.limits;
    char total[UNITS_TEXT_MAX], rest[UNITS_TEXT_MAX];
    if (!limits || !limits->shmem_known)
        return;
    uint64_t unexplained = limits->parts[SHMEM_PARTS - 1].bytes;
    draw_add(run, STYLE_LABEL, "   shmem");
    draw_add(run, STYLE_TEXT, " %s", units_format_size(limits->shmem, total));
    if (unexplained)
        draw_add(run, STYLE_DIM, ", %s not ours", units_format_size(unexplained, rest));
}

static enum style style_of_rule(const struct findings *findings, const struct rule *rule)
{
    enum confidence most = CONFIDENCE_HINT;
    array_each(&findings->all, finding)
    {
        if (finding->rule == rule && finding->confidence > most)
            most = finding->confidence;
    }
    return most == CONFIDENCE_CERTAIN ? STYLE_BAD : most == CONFIDENCE_LIKELY ? STYLE_WARN : STYLE_LABEL;
}

static void draw_findings(const struct dashboard *dashboard, int y)
{
    const struct findings *findings = &dashboard->model.findings;
    struct draw_run run = {.y = y, .x = 1, .end = COLS - 1};
    draw_add(&run, STYLE_LABEL, "findings");
    if (!findings->all.count)
        draw_add(&run, STYLE_GOOD, "  none");
    for (const struct rule *const *rule = rules; *rule; rule++) {
        size_t count = findings_count(findings, *rule);
        if (count)
            draw_add(&run, style_of_rule(findings, *rule), "  %zu %s", count,
                     count == 1 ? (*rule)->singular : (*rule)->plural);
    }
    draw_shmem(dashboard, &run);
}

/* What could not be read, in one line: how many processes at most, and how many other things. */
static bool draw_coverage(const struct dashboard *dashboard, int y)
{
    const struct snapshot *snapshot = dashboard->model.snapshot;
    struct draw_run run = {.y = y, .x = 1, .end = COLS - 1};
    uint32_t processes = 0;
    size_t others = 0;
    for (size_t i = 0; i < snapshot->coverage_count; i++) {
        const struct coverage *gap = &snapshot->coverage[i];
        processes = gap->processes > processes ? gap->processes : processes;
        others += !gap->processes;
    }
    if (!processes && !others)
        return false;
    const char *name = user_name(geteuid());
    draw_add(&run, STYLE_WARN, "as %s:", name ? name : "this user");
    if (processes)
        draw_add(&run, STYLE_TEXT, " %u process%s could not be looked into", processes,
                 processes == 1 ? "" : "es");
    if (others)
        draw_add(&run, STYLE_TEXT, "%s %zu place%s could not be read", processes ? "," : "", others,
                 others == 1 ? "" : "s");
    return true;
}

static int tab_width(size_t screen)
{
    return draw_width(screens[screen]->name) + 4;
}

static void draw_tabs(const struct dashboard *dashboard, int y)
{
    AUTO_STRBUF struct strbuf filter = {0};
    struct draw_run run = {.y = y, .end = COLS};
    tabs_line = y;
    for (size_t i = 0; i < SCREEN_COUNT; i++) {
        enum style style = i == dashboard->screen ? STYLE_TAB_ON : STYLE_TAB;
        draw_add(&run, style, " %zu %s ", i + 1, screens[i]->name);
        run.x += TAB_GAP;
    }
    run.x++;
    if (dashboard->filter) {
        escape_bytes(&filter, dashboard->filter_text, strlen(dashboard->filter_text), NULL);
        draw_add(&run, STYLE_PROMPT, " %s ", strbuf_text(&filter));
        run.x++;
    }
    if (dashboard->selection.by_user)
        draw_add(&run, STYLE_PROMPT, " user %u ", dashboard->selection.user);
    if (dashboard->selection.by_pid)
        draw_add(&run, STYLE_PROMPT, " pid %d ", dashboard->selection.pid);
    if (dashboard->follow)
        draw_add(&run, STYLE_PROMPT, " following ");
}

int header_draw(const struct dashboard *dashboard)
{
    struct total totals[KIND_COUNT] = {0}, all = {0};
    const struct snapshot *snapshot = dashboard->model.snapshot;
    if (snapshot)
        all = sum_up(dashboard, totals);
    draw_title(dashboard, all);
    int y = 1;
    if (snapshot && LINES >= SMALL_SCREEN) {
        bool meters = COLS >= TOTAL_WIDTH + METER_WIDTH + 2;
        int end = meters ? COLS - METER_WIDTH - 1 : COLS, start = y;
        y = draw_totals(y, totals, end);
        if (meters)
            draw_meters(dashboard, start, y - start, end, METER_WIDTH);
        draw_findings(dashboard, y++);
        y += draw_coverage(dashboard, y);
    }
    draw_tabs(dashboard, y);
    return y + 1;
}

int header_tab_at(const struct dashboard *dashboard, int y, int x)
{
    (void)dashboard;
    int start = 0;
    if (y != tabs_line)
        return -1;
    for (size_t i = 0; i < SCREEN_COUNT; i++) {
        if (x >= start && x < start + tab_width(i))
            return (int)i;
        start += tab_width(i) + TAB_GAP;
    }
    return -1;
}
