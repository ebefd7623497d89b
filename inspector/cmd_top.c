/* cmd_top.c - `shmoo top`: the dashboard. Options first, then dashboard/ takes over. */
#include "common/cli.h"
#include "common/units.h"
#include "inspector/dashboard/batch.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/loop.h"
#include "inspector/dashboard/screens.h"
#include "inspector/dashboard/terminal.h"
#include "inspector/filter.h"
#include "inspector/ids.h"
#include "inspector/kind_choice.h"
#include "inspector/rate_column.h"
#include "inspector/sandbox.h"
#include "inspector/source.h"
#include "probes/kernel.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const struct command cmd_top;

_Static_assert(sizeof(((struct table *)0)->sort) == sizeof(((struct settings *)0)->sort),
               "one is copied to the other");

/* On narrow screens columns give way from the right, but for the last. */
#define USUAL_COLUMNS "object,size,used,full,users,waiters,age,owner,state,bytes/s,msgs/s,attach/s,processes"

enum { OPTION_KINDS = 256, OPTION_FILTER, OPTION_NO_MOUSE, OPTION_NO_COLOR, OPTION_READONLY };

static const struct cli_option options[] = {
    {"delay",    'd',             "SECONDS", "between two refreshes (2)"                           },
    {"user",     'u',             "USER",    "only what this user owns, made or uses"              },
    {"pid",      'p',             "PID",     "only what this process uses or made"                 },
    {"kinds",    OPTION_KINDS,    "KINDS",   "all, or kinds separated by commas"                   },
    {"filter",   OPTION_FILTER,   "EXPR",    "only objects for which it holds: size>1M && users==0"},
    {"batch",    'b',             NULL,      "write plain text to stdout instead of a screen"      },
    {"frames",   'n',             "N",       "end after so many refreshes"                         },
    {"no-mouse", OPTION_NO_MOUSE, NULL,      "leave the mouse to the terminal"                     },
    {"no-color", OPTION_NO_COLOR, NULL,      "no colours; so does NO_COLOR in the environment"     },
    {"readonly", OPTION_READONLY, NULL,      "no removing of objects"                              },
    SOURCE_OPTIONS,
    {NULL,       0,               NULL,      NULL                                                  },
};

struct top {
    struct dashboard dashboard;
    struct source_options source;
    struct terminal_options terminal;
    bool batch;
    uint64_t frames; /* 0: without end */
};

static int set_delay(struct top *top, const char *text)
{
    char *end;
    errno = 0;
    double seconds = strtod(text, &end);
    if (errno || end == text || *end || !(seconds >= 0.01 && seconds <= 86400))
        return cli_fail_format("--delay", "'%s' is no number of seconds from 0.01 to 86400", text);
    top->dashboard.settings.interval = (uint64_t)(seconds * 1e9);
    return 0;
}

static int set_user(struct selection *selection, const char *text)
{
    uint64_t number;
    selection->by_user = true;
    if (units_parse_number(text, &number) == 0 && number < UINT32_MAX)
        selection->user = (uid_t)number;
    else if (!user_find(text, &selection->user))
        return cli_fail_format("--user", "no user is called '%s'", text);
    return 0;
}

static int set_pid(struct selection *selection, const char *text)
{
    uint64_t number;
    if (units_parse_number(text, &number) < 0 || !number || number > INT_MAX)
        return cli_fail_format("--pid", "'%s' is no pid", text);
    selection->by_pid = true;
    selection->pid = (pid_t)number;
    return 0;
}

static int set_frames(uint64_t *frames, const char *text)
{
    if (units_parse_number(text, frames) < 0 || !*frames)
        return cli_fail_format("--frames", "'%s' is no number above 0", text);
    return 0;
}

static int set_filter(struct dashboard *dashboard, const char *text)
{
    struct filter_error error;
    int r = filter_parse(text, &dashboard->filter, &error);
    if (r == -ENOMEM)
        return cli_fail_errno("--filter", r);
    if (r < 0)
        return cli_fail_format("--filter", "column %zu: %s", error.column, error.message);
    snprintf(dashboard->filter_text, sizeof(dashboard->filter_text), "%s", text);
    dashboard->selection.filter = dashboard->filter;
    return 0;
}

static int take_option(struct top *top, const struct cli *cli, int letter)
{
    switch (letter) {
    case 'd': return set_delay(top, cli->argument);
    case 'u': return set_user(&top->dashboard.selection, cli->argument);
    case 'p': return set_pid(&top->dashboard.selection, cli->argument);
    case 'b': top->batch = true; return 0;
    case 'n': return set_frames(&top->frames, cli->argument);
    case OPTION_KINDS: return kinds_add(&top->dashboard.kinds, cli->argument);
    case OPTION_FILTER: return set_filter(&top->dashboard, cli->argument);
    case OPTION_NO_MOUSE: top->terminal.mouse = false; return 0;
    case OPTION_NO_COLOR: top->terminal.colours = false; return 0;
    case OPTION_READONLY: top->dashboard.readonly = true; return 0;
    default:
        source_option(&top->source, cli, letter);
        top->dashboard.readonly |= top->source.recording != NULL; /* of another machine, or another day */
        return 0;
    }
}

/* What is not known is left out: settings may be those of another version. */
static void add_columns(struct column_choice *choice, const char *names)
{
    for (const char *name = names; *name;) {
        size_t length = strcspn(name, ",");
        const struct column *column = column_find(name, length);
        column = column ? column : rate_column_find(name, length);
        if (column)
            columns_add(choice, column);
        name += length + (name[length] == ',');
    }
}

static void choose_columns(struct dashboard *dashboard)
{
    add_columns(&dashboard->columns, dashboard->settings.columns);
    if (!dashboard->columns.count)
        add_columns(&dashboard->columns, USUAL_COLUMNS);
}

static void restore_sort(struct dashboard *dashboard)
{
    struct table *table = &dashboard->tables[SCREEN_objects];
    table_sort_by(table, dashboard->settings.sort);
    table->descending = dashboard->settings.descending;
}

static void remember_sort(struct dashboard *dashboard)
{
    const struct table *table = &dashboard->tables[SCREEN_objects];
    memcpy(dashboard->settings.sort, table->sort, sizeof(table->sort));
    dashboard->settings.descending = table->descending;
}

static int write_frames(struct top *top)
{
    AUTO_KERNEL struct kernel *kernel = NULL;
    int r = source_open(&top->source, &kernel);
    if (r)
        return r;
    top->dashboard.wish.all_namespaces = top->source.all_namespaces;
    dashboard_wish(&top->dashboard);
    r = batch_run(&top->dashboard, kernel, top->frames);
    return r < 0 ? cli_fail_output("top", r) : STATUS_FINE;
}

/* The thread that shows and removes has a filter too: its powers are those of its keys. */
static void enter_sandbox(struct dashboard *dashboard)
{
    unsigned powers = SANDBOX_RECORDING | SANDBOX_DASHBOARD | (dashboard->readonly ? 0 : SANDBOX_REMOVING);
    int r = sandbox_enter(powers | SANDBOX_ONE_THREAD);
    if (r < 0)
        dashboard_complain(dashboard, "going on without a sandbox: seccomp: %s", strerror(-r));
}

static int show(struct top *top)
{
    struct dashboard *dashboard = &top->dashboard;
    struct kernel *kernel = NULL;
    int r = source_open_kernel(&top->source, &kernel);
    if (r)
        return r;
    r = terminal_start(&top->terminal);
    if (r < 0) {
        kernel_close(kernel);
        return r == -ENOTTY ? cli_fail("top", "needs a terminal; -b writes plain text")
                            : cli_fail("TERM", "nothing is known of this kind of terminal");
    }
    dashboard->frames_left = top->frames;
    dashboard->wish.all_namespaces = top->source.all_namespaces;
    dashboard_wish(dashboard);
    sigset_t signals = loop_signals();
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    restore_sort(dashboard);
    r = collector_start(kernel, &dashboard->wish, &dashboard->collector);
    if (r == 0) {
        enter_sandbox(dashboard);
        r = loop_run(dashboard);
        collector_stop(dashboard->collector);
    }
    terminal_stop();
    if (r < 0)
        return cli_fail_errno("top", r);
    remember_sort(dashboard);
    settings_save(&dashboard->settings);
    return STATUS_FINE;
}

static int run(int argc, char **argv)
{
    struct cli cli = cli_start(&cmd_top, argc, argv);
    struct top *top = calloc(1, sizeof(*top));
    int r = 0, letter = CLI_END;
    if (!top)
        return cli_fail_errno("top", -ENOMEM);
    const char *no_color = getenv("NO_COLOR");
    top->terminal = (struct terminal_options){.mouse = true, .colours = !no_color || !*no_color};
    top->dashboard.settings.interval = UINT64_C(2000000000);
    top->source.glances = true;
    settings_load(&top->dashboard.settings);
    while (r == 0 && (letter = cli_next(&cli)) >= 0)
        r = take_option(top, &cli, letter);
    if (r == 0 && letter == CLI_END && cli.index < cli.argc)
        r = cli_fail(cli.argv[cli.index], "takes no operands");
    if (!top->dashboard.kinds)
        top->dashboard.kinds = kinds_usual();
    choose_columns(&top->dashboard);
    for (size_t i = 0; i < SCREEN_COUNT; i++)
        top->dashboard.tables[i].screen = screens[i];
    if (r == 0 && letter == CLI_END)
        r = top->batch ? write_frames(top) : show(top);
    for (size_t i = 0; i < SCREEN_COUNT; i++)
        table_free(&top->dashboard.tables[i]);
    model_free(&top->dashboard.model);
    filter_free(top->dashboard.filter);
    free(top);
    return cli_finish(letter == CLI_BAD ? STATUS_FAILED : r);
}

const struct command cmd_top = {
    .name = "top",
    .synopsis = "[OPTIONS]",
    .summary = "Watch IPC objects live, and remove them safely",
    .options = options,
    .run = run,
};
