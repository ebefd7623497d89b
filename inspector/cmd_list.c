/* cmd_list.c - `shmoo list`: every object with what is asked of it. */
#include "common/array.h"
#include "common/cli.h"
#include "common/units.h"
#include "inspector/column_choice.h"
#include "inspector/filter.h"
#include "inspector/ids.h"
#include "inspector/kind_choice.h"
#include "inspector/renderer.h"
#include "inspector/selection.h"
#include "inspector/source.h"
#include "probes/collect.h"
#include "probes/kernel.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

extern const struct command cmd_list;

enum { OPTION_KINDS = 256, OPTION_SORT, OPTION_FILTER, OPTION_USER, OPTION_PID, OPTION_NOTIFY };

static const struct cli_option options[] = {
    {"output",     'o',           "COLUMNS", "show these columns, or with + these too"             },
    {"kinds",      OPTION_KINDS,  "KINDS",   "all, or kinds separated by commas"                   },
    {"filter",     OPTION_FILTER, "EXPR",    "only objects for which it holds: size>1M && users==0"},
    {"sort",       OPTION_SORT,   "COLUMN",  "sort by it; with - before it, largest first"         },
    {"user",       OPTION_USER,   "USER",    "only what this user owns, made or uses"              },
    {"pid",        OPTION_PID,    "PID",     "only what this process uses or made"                 },
    {"json",       'J',           NULL,      "write JSON, see shmoo-json(5)"                       },
    {"raw",        'r',           NULL,      "one space between values, for scripts"               },
    {"noheadings", 'n',           NULL,      "no line of column names"                             },
    {"bytes",      'b',           NULL,      "exact sizes in bytes, durations in seconds"          },
    {"notify",     OPTION_NOTIFY, NULL,      "read queue files too, which sets their times"        },
    SOURCE_OPTIONS,
    {NULL,         0,             NULL,      NULL                                                  },
};

struct list {
    struct source_options source;
    struct selection selection;
    struct filter *filter;
    const char *output;
    const struct renderer *renderer;
    uint64_t kinds;
    bool headings, exact, notify;
    struct column_choice columns;
};

static int set_filter(struct list *list, const char *text)
{
    struct filter_error error;
    struct filter *filter;
    int r = filter_parse(text, &filter, &error);
    if (r == -ENOMEM)
        return cli_fail_errno("--filter", r);
    if (r < 0)
        return cli_fail_format("--filter", "column %zu: %s", error.column, error.message);
    filter_free(list->filter);
    list->selection.filter = list->filter = filter;
    return 0;
}

static int set_sort(struct list *list, const char *name)
{
    list->selection.descending = *name == '-';
    name += *name == '-';
    list->selection.sort = column_find(name, strlen(name));
    if (list->selection.sort)
        return 0;
    const char *near = column_suggest(name, strlen(name));
    return near ? cli_fail_format("--sort", "unknown column '%s' (did you mean '%s'?)", name, near)
                : cli_fail_format("--sort", "unknown column '%s'; --help lists them", name);
}

static int set_user(struct list *list, const char *text)
{
    uint64_t number;
    list->selection.by_user = true;
    if (units_parse_number(text, &number) == 0 && number < UINT32_MAX)
        list->selection.user = (uid_t)number;
    else if (!user_find(text, &list->selection.user))
        return cli_fail_format("--user", "no user is called '%s'", text);
    return 0;
}

static int set_pid(struct list *list, const char *text)
{
    uint64_t number;
    if (units_parse_number(text, &number) < 0 || !number || number > INT_MAX)
        return cli_fail_format("--pid", "'%s' is no pid", text);
    list->selection.by_pid = true;
    list->selection.pid = (pid_t)number;
    return 0;
}

static int take_option(struct list *list, const struct cli *cli, int letter)
{
    switch (letter) {
    case 'o': list->output = cli->argument; return 0;
    case 'J': list->renderer = &render_json; return 0;
    case 'r': list->renderer = &render_raw; return 0;
    case 'n': list->headings = false; return 0;
    case 'b': list->exact = true; return 0;
    case OPTION_KINDS: return kinds_add(&list->kinds, cli->argument);
    case OPTION_FILTER: return set_filter(list, cli->argument);
    case OPTION_SORT: return set_sort(list, cli->argument);
    case OPTION_USER: return set_user(list, cli->argument);
    case OPTION_PID: return set_pid(list, cli->argument);
    case OPTION_NOTIFY: list->notify = true; return 0;
    default: source_option(&list->source, cli, letter); return 0;
    }
}

static unsigned list_needs(const struct list *list)
{
    unsigned needs = kinds_needs(list->kinds) | selection_needs(&list->selection);
    if (list->renderer == &render_json && !list->columns.chosen)
        needs |= NEED_ALL & ~(list->source.all_namespaces ? 0u : NEED_COMMANDS);
    else
        needs |= columns_needs(&list->columns);
    return needs | (list->notify ? NEED_NOTIFY : 0);
}

static int render(const struct list *list, const struct snapshot *snapshot)
{
    object_list objects = {0};
    int r = selection_apply(&list->selection, snapshot, &objects);
    struct listing listing = {
        .snapshot = snapshot,
        .objects = objects.items,
        .count = objects.count,
        .columns = &list->columns,
        .style.exact = list->exact,
        .headings = list->headings,
    };
    if (r == 0)
        r = list->renderer->render(&listing, stdout);
    array_free(&objects);
    if (r < 0)
        return cli_fail_output("list", r);
    if (!list->renderer->states_coverage)
        source_say_coverage(snapshot);
    return 0;
}

static int show(struct list *list)
{
    AUTO_KERNEL struct kernel *kernel = NULL;
    struct snapshot *snapshot = NULL;
    if (!list->kinds)
        list->kinds = kinds_usual();
    int r = columns_choose(&list->columns, list->kinds, list->output);
    if (r == 0 && list->source.all_namespaces && (!list->output || *list->output == '+')) {
        columns_add(&list->columns, column_find("namespace", strlen("namespace")));
        columns_add(&list->columns, column_find("container", strlen("container")));
    }
    struct request request = {.kinds = list->kinds, .needs = r == 0 ? list_needs(list) : 0};
    list->source.glances = request.needs & (NEED_USERS | NEED_WAITERS);
    if (r == 0)
        r = source_open(&list->source, &kernel);
    if (r == 0)
        r = source_collect(kernel, &list->source, &request, &snapshot);
    if (r == 0)
        r = render(list, snapshot);
    snapshot_free(snapshot);
    return r;
}

static int take_arguments(struct list *list, struct cli *cli)
{
    int r = 0, letter;
    while (r == 0 && (letter = cli_next(cli)) >= 0)
        r = take_option(list, cli, letter);
    if (r)
        return r;
    if (letter != CLI_END)
        return letter;
    for (int i = cli->index; i < cli->argc && r == 0; i++)
        r = kinds_add(&list->kinds, cli->argv[i]);
    return r;
}

static int run(int argc, char **argv)
{
    struct cli cli = cli_start(&cmd_list, argc, argv);
    struct list list = {.renderer = &render_table, .headings = true};
    int r = take_arguments(&list, &cli);
    if (r == 0)
        r = show(&list);
    filter_free(list.filter);
    return cli_finish(r == CLI_EXIT ? STATUS_FINE : r == CLI_BAD ? STATUS_FAILED : r);
}

static void print_more_help(void)
{
    kinds_print_help();
    columns_print_help();
}

const struct command cmd_list = {
    .name = "list",
    .synopsis = "[OPTIONS] [KIND...]",
    .summary = "List IPC objects, their sizes and the processes that use them",
    .options = options,
    .words = "kind",
    .more_help = print_more_help,
    .run = run,
};
