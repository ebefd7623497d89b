/* header_findings.c - the lines below the totals: what was found, what Shmem is made of, what could not be
 * read. */
#include "common/units.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/draw.h"
#include "inspector/dashboard/header_parts.h"
#include "inspector/ids.h"
#include "probes/limits.h"

#include <curses.h>
#include <stdio.h>
#include <unistd.h>

/* Room for how many more there are. */
enum { MORE_WIDTH = 6, COUNT_MAX = 64 };

static void draw_shmem(const struct dashboard *dashboard, struct draw_run *run)
{
    const struct limits *limits = dashboard->model.limits;
    char total[UNITS_TEXT_MAX], rest[UNITS_TEXT_MAX];
    if (!limits || !limits->shmem_known)
        return;
    uint64_t unexplained = limits->parts[SHMEM_PARTS - 1].bytes;
    units_format_size(limits->shmem, total);
    if (!draw_add_whole(run, STYLE_LABEL, "   shmem %s", total) || !unexplained)
        return;
    draw_add_whole(run, STYLE_DIM, ", %s not ours", units_format_size(unexplained, rest));
}

static enum style style_of_rule(const struct findings *findings, const struct rule *rule)
{
    enum confidence most = CONFIDENCE_HINT;
    array_each(&findings->all, finding)
    {
        if (finding->rule == rule && finding->confidence > most)
            most = finding->confidence;
    }
    return style_of_confidence(most);
}

/* "  3 orphans"; empty when there are none. */
static void format_count(char text[COUNT_MAX], size_t count, const struct rule *rule)
{
    text[0] = '\0';
    if (count)
        snprintf(text, COUNT_MAX, "  %zu %s", count, count == 1 ? rule->singular : rule->plural);
}

static int width_of_counts(const struct findings *findings)
{
    char text[COUNT_MAX];
    int width = 0;
    for (const struct rule *const *rule = rules; *rule; rule++) {
        format_count(text, findings_count(findings, *rule), *rule);
        width += draw_width(text);
    }
    return width;
}

/* Those that fit, and how many more there are. Returns the latter. */
static size_t draw_counts(const struct findings *findings, struct draw_run *run)
{
    char text[COUNT_MAX];
    size_t left_out = 0;
    int end = run->end;
    if (run->x + width_of_counts(findings) > run->end)
        run->end -= MORE_WIDTH;
    for (const struct rule *const *rule = rules; *rule; rule++) {
        size_t count = findings_count(findings, *rule);
        format_count(text, count, *rule);
        if (count && !draw_add_whole(run, style_of_rule(findings, *rule), "%s", text))
            left_out += count;
    }
    run->end = end;
    if (left_out)
        draw_add(run, STYLE_WARN, "  +%zu", left_out);
    return left_out;
}

void header_draw_findings(const struct dashboard *dashboard, int y)
{
    const struct findings *findings = &dashboard->model.view.findings;
    struct draw_run run = {.y = y, .x = 1, .end = COLS - 1};
    draw_add(&run, STYLE_LABEL, "findings");
    if (!findings->all.count)
        draw_add(&run, STYLE_GOOD, "  none");
    if (!draw_counts(findings, &run))
        draw_shmem(dashboard, &run);
}

/* What could not be read, in one line: how many processes at most, and how many other things. */
bool header_draw_coverage(const struct dashboard *dashboard, int y)
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
        draw_add(&run, STYLE_TEXT, " %u %s could not be looked into", processes, units_processes(processes));
    if (others)
        draw_add(&run, STYLE_TEXT, "%s %zu place%s could not be read", processes ? "," : "", others,
                 others == 1 ? "" : "s");
    return true;
}
