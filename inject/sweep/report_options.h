/*
 * report_options.h - what `shmoo sweep` and `shmoo report` do with a result alike: options, files to write,
 * the baseline, and the exit status. Speaks to the user through cli.h.
 */
#pragma once

#include "common/cli.h"
#include "inject/sweep/report.h"
#include "inject/sweep/result.h"

#include <stdbool.h>
#include <stdint.h>

/* Letters of the options that have none; a command's own begin at REPORT_OPTION_END. */
enum {
    REPORT_OPTION_JUNIT = 512,
    REPORT_OPTION_SARIF,
    REPORT_OPTION_HTML,
    REPORT_OPTION_FAIL_ON,
    REPORT_OPTION_BASELINE,
    REPORT_OPTION_UPDATE_BASELINE,
    REPORT_OPTION_END,
};

/* Rows for a command's table of options. */
/* clang-format off */
#define REPORT_OPTIONS                                                                                 \
    {"json", 'J', NULL, "write the result as JSON, see shmoo-json(5)"},                                \
        {"output", 'o', "FILE", "keep the result in FILE"},                                            \
        {"junit", REPORT_OPTION_JUNIT, "FILE", "write findings as failed tests"},                      \
        {"sarif", REPORT_OPTION_SARIF, "FILE", "write findings for code review"},                      \
        {"html",            REPORT_OPTION_HTML,            "FILE",     "write one page with everything, for a browser"}, \
    {"fail-on", REPORT_OPTION_FAIL_ON, "VERDICTS",                                                 \
         "findings that make the status 1: crash,hang,… or none"},                                     \
        {"baseline", REPORT_OPTION_BASELINE, "FILE", "findings whose causes FILE names are accepted"}, \
    {                                                                                                  \
        "update-baseline", REPORT_OPTION_UPDATE_BASELINE, NULL,                                        \
            "write the causes of all findings to that file"                                            \
    }
/* clang-format on */

struct report_options {
    bool json;
    const char *output;
    const char *files[REPORT_COUNT]; /* by report, or NULL */
    uint32_t fail_on;                /* bit per verdict */
    bool fail_on_given;
    const char *baseline;
    bool update_baseline;
};

/*
 * Takes an option that cli_next() returned. Returns 1 when it is one of these, 0 when not, or -EINVAL when
 * its argument is wrong, which has been said.
 */
int report_option(struct report_options *options, int letter, const char *argument);

/* False, having said why, when options contradict each other. */
bool report_options_check(const struct report_options *options);

/*
 * Writes and prints all that was asked for. Returns the exit status: 1 when there are findings that count, 0
 * when none do, 2 when something could not be written, which has been said.
 */
int report_finish(const struct report_options *options, struct sweep_result *result);
