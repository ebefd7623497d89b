/* leaks_report_text.c - leaks for people: a line each, orphans under headlines; see leaks_report.h. */
#include "inspector/leaks_group.h"
#include "inspector/leaks_report.h"

#include <errno.h>

static void write_line(void *out, const struct leak *leak)
{
    fprintf(out, "%s %s\n", leak->name, leak->message);
}

/* Said only when something leaked: otherwise there is nothing to attribute. */
static void write_gaps(const struct leaks_report *report, FILE *out)
{
    if (!report->command || !report->objects.count)
        return;
    if (report->unattributed)
        fprintf(out, "who made these is not known: %s\n", report->unattributed);
    else if (report->gaps.length)
        fprintf(out, "who made some may not be known: %s\n", strbuf_text(&report->gaps));
}

int leaks_report_text(const struct leaks_report *report, FILE *out)
{
    int r = report->findings ? leaks_group_text(report, out) : leaks_report_each(report, write_line, out);
    write_gaps(report, out);
    if (r < 0)
        return r;
    return fflush(out) != 0 || ferror(out) ? -EIO : 0;
}
