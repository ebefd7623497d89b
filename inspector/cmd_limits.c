/* cmd_limits.c - `shmoo limits`: use against every limit of the kernel on IPC, and what Shmem is made of. */
#include "common/array.h"
#include "common/cli.h"
#include "common/strbuf.h"
#include "inspector/json_parts.h"
#include "inspector/limits_table.h"
#include "inspector/source.h"
#include "probes/collect.h"
#include "probes/kernel.h"
#include "probes/limits.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <stdio.h>

extern const struct command cmd_limits;

static const struct cli_option options[] = {
    {"long",       'l', NULL, "also where each limit is from and how to raise it"},
    {"json",       'J', NULL, "write JSON, see shmoo-json(5)"                    },
    {"noheadings", 'n', NULL, "no line of column names"                          },
    {"bytes",      'b', NULL, "exact sizes in bytes"                             },
    SOURCE_OPTIONS,
    {NULL,         0,   NULL, NULL                                               },
};

static void json_limit(struct json *json, const struct limit *limit)
{
    json_line(json);
    json_open(json, NULL, '{');
    json_text(json, "limit", limit->name);
    if (limit->place)
        json_text(json, "place", limit->place);
    json_value(json, "user", limit->user);
    json_value(json, "use", limit->use);
    if (limit->partial)
        json_bool(json, "partial", true);
    json_value(json, "maximum", limit->maximum);
    if (limit->unlimited)
        json_bool(json, "unlimited", true);
    json_value(json, "percent", limit_percent(limit));
    json_text(json, "source", limit->source);
    json_text(json, "raise", limit->raise);
    json_text(json, "summary", limit->summary);
    json_close(json, '{');
}

static void json_shmem(struct json *json, const struct limits *limits)
{
    if (!limits->shmem_known)
        return;
    json_line(json);
    json_open(json, "shmem", '{');
    json_number(json, "total", limits->shmem);
    for (size_t i = 0; i < SHMEM_PARTS; i++)
        json_number(json, limits->parts[i].name, limits->parts[i].bytes);
    json_number(json, "excess", limits->excess);
    json_close(json, '{');
}

static int print_json(const struct limits *limits, const struct snapshot *snapshot)
{
    struct json json = json_begin(stdout);
    json_open(&json, NULL, '{');
    json_number(&json, "schema", 1);
    json_open(&json, "limits", '[');
    for (size_t i = 0; i < limits->count; i++)
        json_limit(&json, &limits->items[i]);
    json_close(&json, '[');
    json_shmem(&json, limits);
    json_line(&json);
    json_coverage(&json, snapshot);
    json_close(&json, '{');
    return json_end(&json);
}

static int print_text(const struct limits *limits, const struct snapshot *snapshot,
                      const struct limits_style *style)
{
    int r = limits_table_render(limits, style, stdout);
    if (r == 0 && limits->shmem_known) {
        putchar('\n');
        r = shmem_table_render(limits, style, stdout);
    }
    if (r == 0)
        source_say_coverage(snapshot);
    return r;
}

static int show(const struct source_options *source, const struct limits_style *style, bool json)
{
    AUTO_KERNEL struct kernel *kernel = NULL;
    struct snapshot *snapshot = NULL;
    struct limits *limits = NULL;
    struct request request = {0};
    limits_request(&request);
    int r = source_open(source, &kernel);
    if (r == 0)
        r = source_collect(kernel, source, &request, &snapshot);
    if (r)
        return r;
    r = limits_read(kernel, snapshot, &limits);
    if (r == 0)
        r = json ? print_json(limits, snapshot) : print_text(limits, snapshot, style);
    limits_free(limits);
    snapshot_free(snapshot);
    return r < 0 ? cli_fail_output("limits", r) : 0;
}

static int run(int argc, char **argv)
{
    struct cli cli = cli_start(&cmd_limits, argc, argv);
    struct source_options source = {0};
    struct limits_style style = {.headings = true};
    bool json = false;
    for (int letter; (letter = cli_next(&cli)) != CLI_END;) {
        switch (letter) {
        case CLI_EXIT: return cli_finish(STATUS_FINE);
        case CLI_BAD: return STATUS_FAILED;
        case 'l': style.all = true; break;
        case 'J': json = true; break;
        case 'n': style.headings = false; break;
        case 'b': style.exact = true; break;
        default: source_option(&source, &cli, letter);
        }
    }
    if (cli.index < argc)
        return cli_fail(argv[cli.index], "limits takes no operands");
    return cli_finish(show(&source, &style, json));
}

const struct command cmd_limits = {
    .name = "limits",
    .synopsis = "[OPTIONS]",
    .summary = "Show use against every kernel limit on IPC",
    .options = options,
    .words = "nothing",
    .run = run,
};
