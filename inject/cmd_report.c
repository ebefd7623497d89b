/* cmd_report.c - `shmoo report`: results of sweeps merged into one, shown and written in other forms. */
#include "common/cli.h"
#include "inject/sweep/merge.h"
#include "inject/sweep/report_options.h"
#include "inject/sweep/result_json.h"

#include <errno.h>

extern const struct command cmd_report;

static const struct cli_option options[] = {
    REPORT_OPTIONS,
    {NULL, 0, NULL, NULL},
};

static int add_file(struct merge *merge, const char *path)
{
    struct sweep_result result = {0};
    char reason[JSON_REASON_MAX] = "";
    int r = result_read(path, &result, reason);
    if (r == 0)
        r = merge_add(merge, &result, reason);
    sweep_result_free(&result);
    if (r == 0)
        return 0;
    return *reason ? cli_fail(path, reason) : cli_fail_errno(path, r);
}

static int report(char **paths, const struct report_options *chosen)
{
    struct merge merge = {0};
    struct sweep_result result = {0};
    int status = 0;
    for (; status == 0 && *paths; paths++)
        status = add_file(&merge, *paths);
    if (status == 0 && merge_finish(&merge, &result) < 0)
        status = cli_fail_errno("report", ENOMEM);
    if (status == 0)
        status = report_finish(chosen, &result);
    sweep_result_free(&result);
    merge_free(&merge);
    return status;
}

static int run(int argc, char **argv)
{
    struct cli cli = cli_start(&cmd_report, argc, argv);
    struct report_options chosen = {0};
    for (int letter; (letter = cli_next(&cli)) != CLI_END;) {
        if (letter == CLI_EXIT)
            return cli_finish(STATUS_FINE);
        if (report_option(&chosen, letter, cli.argument) <= 0)
            return STATUS_FAILED;
    }
    if (cli.index == argc)
        return cli_fail("report", "takes files that shmoo sweep -o wrote");
    return report_options_check(&chosen) ? report(argv + cli.index, &chosen) : STATUS_FAILED;
}

const struct command cmd_report = {
    .name = "report",
    .synopsis = "[OPTIONS] FILE...",
    .summary = "Merge results of sweeps, and show them or write them in other forms",
    .options = options,
    .run = run,
};
