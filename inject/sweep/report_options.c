/* report_options.c - see report_options.h. */
#include "inject/sweep/report_options.h"

#include "common/cleanup.h"
#include "common/replacement.h"
#include "common/strbuf.h"
#include "inject/sweep/baseline.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH_USUAL = 100 };

static int parse_fail_on(struct report_options *options, const char *words)
{
    options->fail_on = 0;
    options->fail_on_given = true;
    if (strcmp(words, "none") == 0)
        return 1;
    while (*words) {
        char word[32] = "";
        size_t length = strcspn(words, ",");
        if (length < sizeof(word))
            memcpy(word, words, length);
        int verdict = verdict_find(word);
        if (verdict < 0 || !verdicts[verdict].finding) {
            cli_fail_format("fail-on", "'%.*s' is no verdict of a defect", (int)length, words);
            return -EINVAL;
        }
        options->fail_on |= 1u << verdict;
        words += length + (words[length] == ',');
    }
    return 1;
}

int report_option(struct report_options *options, int letter, const char *argument)
{
    switch (letter) {
    case 'J': options->json = true; return 1;
    case 'o': options->output = argument; return 1;
    case REPORT_OPTION_JUNIT: options->files[REPORT_junit] = argument; return 1;
    case REPORT_OPTION_SARIF: options->files[REPORT_sarif] = argument; return 1;
    case REPORT_OPTION_HTML: options->files[REPORT_html] = argument; return 1;
    case REPORT_OPTION_FAIL_ON: return parse_fail_on(options, argument);
    case REPORT_OPTION_BASELINE: options->baseline = argument; return 1;
    case REPORT_OPTION_UPDATE_BASELINE: options->update_baseline = true; return 1;
    default: return 0;
    }
}

bool report_options_check(const struct report_options *options)
{
    if (!options->update_baseline || options->baseline)
        return true;
    cli_fail("update-baseline", "needs --baseline FILE");
    return false;
}

/* --- files --- */

static int write_report(const struct report *report, const struct sweep_result *result, const char *path)
{
    AUTO_FREE char *root = getcwd(NULL, 0);
    struct report_view view = {.root = root};
    CLEANUP(replacement_drop) struct replacement file = {0};
    int r = replacement_begin(path, &file);
    if (r == 0)
        r = report->write(result, &view, file.out);
    if (r == 0)
        r = replacement_end(&file);
    return r < 0 ? cli_fail_errno(path, r) : 0;
}

static int write_files(const struct report_options *options, struct sweep_result *result)
{
    int status = 0;
    if (options->output) {
        result->file = options->output;
        status = write_report(&report_json, result, options->output);
    }
    for (unsigned number = 0; number < REPORT_COUNT; number++)
        if (options->files[number])
            status |= write_report(reports[number], result, options->files[number]);
    return status;
}

/* --- the baseline --- */

/* A file that does not exist yet is empty when it is about to be written. */
static int read_baseline(const struct report_options *options, struct baseline *baseline)
{
    char reason[JSON_REASON_MAX] = "";
    int r = baseline_read(options->baseline, baseline, reason);
    if (r == 0 || (r == -ENOENT && options->update_baseline))
        return 0;
    return cli_fail(options->baseline, reason);
}

/* Where not everything was tried, what is not seen any more may still be there. */
static int update_baseline(const struct report_options *options, struct baseline *known,
                           struct sweep_result *result)
{
    struct baseline fresh = {0};
    bool whole = result->complete && result->shards == 1;
    struct baseline *baseline = whole ? &fresh : known;
    int r = baseline_add(baseline, result);
    CLEANUP(replacement_drop) struct replacement file = {0};
    if (r == 0)
        r = replacement_begin(options->baseline, &file);
    if (r == 0)
        r = baseline_write(baseline, file.out);
    if (r == 0)
        r = replacement_end(&file);
    if (r == 0)
        baseline_apply(baseline, result);
    baseline_free(&fresh);
    return r < 0 ? cli_fail_errno(options->baseline, r) : 0;
}

static int use_baseline(const struct report_options *options, struct sweep_result *result)
{
    struct baseline baseline = {0};
    if (!options->baseline)
        return 0;
    int status = read_baseline(options, &baseline);
    if (status == 0 && options->update_baseline)
        status = update_baseline(options, &baseline, result);
    else if (status == 0)
        baseline_apply(&baseline, result);
    baseline_free(&baseline);
    return status;
}

/* --- standard output --- */

static struct report_view terminal_view(void)
{
    struct report_view view = {.width = WIDTH_USUAL};
    struct winsize size = {0};
    const char *no_color = getenv("NO_COLOR"); /* no-color.org */
    if (!isatty(STDOUT_FILENO))
        return view;
    view.colours = !(no_color && *no_color);
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
        view.width = size.ws_col;
    return view;
}

static int print(const struct report_options *options, const struct sweep_result *result)
{
    struct report_view view = terminal_view();
    int r = reports[options->json ? REPORT_json : REPORT_text]->write(result, &view, stdout);
    return r < 0 ? cli_fail_errno("standard output", r) : 0;
}

static bool has_failed(const struct report_options *options, const struct sweep_result *result)
{
    array_each(&result->findings, finding)
    {
        unsigned verdict = result->outcomes.items[finding->first].verdict;
        if (!finding->accepted && (!options->fail_on_given || options->fail_on >> verdict & 1))
            return true;
    }
    return false;
}

int report_finish(const struct report_options *options, struct sweep_result *result)
{
    int status = use_baseline(options, result);
    status |= write_files(options, result);
    status |= print(options, result);
    if (status)
        return STATUS_FAILED;
    return cli_finish(has_failed(options, result) ? STATUS_FINDINGS : STATUS_FINE);
}
