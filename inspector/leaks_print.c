/* leaks_print.c - the reports of `shmoo leaks` go where the options say. */
#include "common/cli.h"
#include "inspector/leaks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int open_file(struct leaks_output *output)
{
    output->file = output->path ? fopen(output->path, "we") : NULL;
    return output->path && !output->file ? cli_fail_errno(output->path, errno) : 0;
}

int leaks_open_outputs(struct leaks *leaks)
{
    int r = open_file(&leaks->output);
    if (r == 0)
        r = open_file(&leaks->junit);
    return r ? r : open_file(&leaks->sarif);
}

typedef int report_write(const struct leaks_report *report, FILE *out);

/* What was written is there, unless there is no room for it. */
static int write_report(const struct leaks *leaks, report_write *write, FILE *out, const char *name)
{
    errno = 0;
    int r = write(&leaks->report, out);
    if (fflush(out) != 0 || ferror(out))
        return out == stdout ? STATUS_FAILED : cli_fail_errno(name, errno ? errno : EIO);
    return r < 0 ? cli_fail_errno("leaks", r) : 0;
}

static int write_file(const struct leaks *leaks, report_write *write, const struct leaks_output *output)
{
    return output->file ? write_report(leaks, write, output->file, output->path) : 0;
}

static bool in_github_actions(void)
{
    const char *value = getenv("GITHUB_ACTIONS");
    return value && *value && strcmp(value, "false") != 0;
}

/* Files come first: streams may be pipes that nobody reads any more. */
int leaks_print(struct leaks *leaks)
{
    report_write *write = leaks->json ? leaks_report_json : leaks_report_text;
    FILE *usual = leaks->report.command && !leaks->json ? stderr : stdout;
    int r = write_file(leaks, leaks_report_junit, &leaks->junit);
    r |= write_file(leaks, leaks_report_sarif, &leaks->sarif);
    r |= write_file(leaks, write, &leaks->output);
    if (leaks->run.timed_out)
        cli_fail(leaks->run.argv[0], "ended because its time was up (--timeout)");
    if (!leaks->output.file)
        r |= write_report(leaks, write, usual, "standard error");
    if (in_github_actions())
        r |= write_report(leaks, leaks_report_annotations,
                          leaks->json && !leaks->output.file ? stderr : stdout, "standard error");
    return r;
}
