/* header.c - see header.h. */
#include "inspector/dashboard/header.h"

#include "common/strbuf.h"
#include "common/units.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/draw.h"
#include "inspector/dashboard/header_parts.h"
#include "inspector/value_format.h"
#include "probes/kind.h"
#include "probes/limits.h"

#include <curses.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TOTAL_WIDTH = 24, METER_WIDTH = 30, LIMIT_NAME = 14, METERS = 3, METERS_MAX = 16 };

/* From where on there is less, and more, in lines and columns. */
enum { SMALL_SCREEN = 16, WIDE_SCREEN = 140, WIDE_METER = 52 };

struct total {
    uint64_t objects, bytes;
};

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
    draw_add(&left, STYLE_TITLE_TEXT, all.objects == 1 ? " object  " : " objects  ");
    draw_add(&left, STYLE_TITLE, "%s", units_format_size(all.bytes, size));
    draw_add(&left, STYLE_TITLE_TEXT, "  ");
    draw_add(&left, STYLE_TITLE, "%zu", snapshot->process_count);
    draw_add(&left, STYLE_TITLE_TEXT, " %s", units_processes(snapshot->process_count));

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

/* The totals may take a sixth of the screen. Returns how many lines they do. */
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
    return lines;
}

struct full {
    const struct limit *limit;
    uint64_t percent;
};

/* The fullest ones first, those alike in their order. Returns how many there are. */
static int find_fullest(const struct limits *limits, int most, struct full *ret_full)
{
    int count = 0;
    for (size_t i = 0; limits && i < limits->count; i++) {
        struct value percent = limit_percent(&limits->items[i]);
        if (!value_known(percent))
            continue;
        int at = count;
        while (at > 0 && ret_full[at - 1].percent < percent.number)
            at--;
        if (at == most)
            continue;
        count += count < most;
        memmove(&ret_full[at + 1], &ret_full[at], (size_t)(count - 1 - at) * sizeof(*ret_full));
        ret_full[at] = (struct full){.limit = &limits->items[i], .percent = percent.number};
    }
    return count;
}

static void draw_limit(int y, int x, int width, const struct full *full)
{
    AUTO_STRBUF struct strbuf text = {0};
    static const struct value_style plain = {0};
    if (width >= WIDE_METER) {
        value_format(&text, full->limit->use, &plain);
        strbuf_add_string(&text, " of ");
        value_format(&text, full->limit->maximum, &plain);
        strbuf_add_string(&text, "  ");
    }
    strbuf_add_format(&text, "%llu%%", (unsigned long long)full->percent);
    draw_text(y, x, LIMIT_NAME, STYLE_LABEL, full->limit->name);
    draw_meter(y, x + LIMIT_NAME, width - LIMIT_NAME, (unsigned)full->percent, strbuf_text(&text));
}

/* The fullest limits as meters, one a line. Returns how many there are. */
static int draw_meters(const struct dashboard *dashboard, int y, int lines, int x, int width)
{
    struct full full[METERS_MAX];
    int count = find_fullest(dashboard->model.limits, lines < METERS_MAX ? lines : METERS_MAX, full);
    for (int i = 0; i < count; i++)
        draw_limit(y + i, x, width, &full[i]);
    return count;
}

static int meter_width(void)
{
    return COLS >= WIDE_SCREEN ? WIDE_METER : COLS >= TOTAL_WIDTH + METER_WIDTH + 2 ? METER_WIDTH : 0;
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
        int width = meter_width(), end = width ? COLS - width - 1 : COLS;
        int lines = draw_totals(y, totals, end), most = lines > METERS ? lines : METERS;
        int drawn = width ? draw_meters(dashboard, y, most, end, width) : 0;
        y += drawn > lines ? drawn : lines;
        header_draw_findings(dashboard, y++);
        y += header_draw_coverage(dashboard, y);
    }
    header_draw_tabs(dashboard, y);
    return y + 1;
}
