/* cmd_ps.c - `shmoo ps`: by process, what each holds and waits for. */
#include "common/array.h"
#include "common/cleanup.h"
#include "common/cli.h"
#include "common/strbuf.h"
#include "common/units.h"
#include "inspector/detail.h"
#include "inspector/detail_print.h"
#include "inspector/ids.h"
#include "inspector/json_parts.h"
#include "inspector/kind_choice.h"
#include "inspector/process_table.h"
#include "inspector/process_use.h"
#include "inspector/source.h"
#include "probes/collect.h"
#include "probes/kernel.h"
#include "probes/kind.h"
#include "probes/parse.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

extern const struct command cmd_ps;

enum { OPTION_KINDS = 256, OPTION_USER };

static const struct cli_option options[] = {
    {"kinds",      OPTION_KINDS, "KINDS", "all, or kinds separated by commas; all with a PID"},
    {"user",       OPTION_USER,  "USER",  "only processes of this user"                      },
    {"json",       'J',          NULL,    "write JSON, see shmoo-json(5)"                    },
    {"noheadings", 'n',          NULL,    "no line of column names, no totals"               },
    {"bytes",      'b',          NULL,    "exact sizes in bytes"                             },
    SOURCE_OPTIONS,
    {NULL,         0,            NULL,    NULL                                               },
};

struct ps {
    struct source_options source;
    struct request request;
    bool json, by_user;
    uid_t user;
    int status;
    ARRAY(pid_t) pids;
    struct process_table table;
};

static int set_user(struct ps *ps, const char *text)
{
    uint64_t number;
    ps->by_user = true;
    if (units_parse_number(text, &number) == 0 && number < UINT32_MAX)
        ps->user = (uid_t)number;
    else if (!user_find(text, &ps->user))
        return cli_fail_format("--user", "no user is called '%s'", text);
    return 0;
}

static int take_option(struct ps *ps, const struct cli *cli, int letter)
{
    switch (letter) {
    case 'J': ps->json = true; return 0;
    case 'n': ps->table.headings = false; return 0;
    case 'b': ps->table.exact = true; return 0;
    case OPTION_KINDS: return kinds_add(&ps->request.kinds, cli->argument);
    case OPTION_USER: return set_user(ps, cli->argument);
    default: source_option(&ps->source, cli, letter); return 0;
    }
}

static int take_pid(struct ps *ps, const char *text)
{
    uint64_t number;
    if (units_parse_number(text, &number) < 0 || !number || number > INT_MAX)
        return cli_fail(text, "not a pid");
    pid_t *pid = array_push(&ps->pids);
    if (!pid)
        return cli_fail_errno(text, ENOMEM);
    *pid = (pid_t)number;
    return 0;
}

/* The process of a pid, or of one of its threads. 0 when there is none. */
static pid_t existing_process(struct kernel *kernel, pid_t pid)
{
    char path[32];
    AUTO_STRBUF struct strbuf text = {0};
    uint64_t process;
    snprintf(path, sizeof(path), "proc/%d/status", pid);
    if (kernel->ops->read(kernel, path, &text) < 0 ||
        !parse_number_after(strbuf_text(&text), "Tgid", 10, &process))
        return 0;
    return (pid_t)process;
}

static int check_pids(struct ps *ps, struct kernel *kernel)
{
    size_t kept = 0;
    array_each(&ps->pids, pid)
    {
        char name[16];
        pid_t process = existing_process(kernel, *pid);
        snprintf(name, sizeof(name), "%d", *pid);
        if (process)
            ps->pids.items[kept++] = process;
        else
            ps->status = cli_fail(name, kernel->sees_all ? "no such process"
                                                         : "no such process that this user may see");
    }
    ps->pids.count = kept;
    return kept ? 0 : STATUS_FAILED;
}

static int add_process(struct ps *ps, const struct process *process)
{
    const struct process **slot;
    if ((ps->by_user && process->uid != ps->user) || !process_use(ps->table.snapshot, process).objects)
        return 0;
    slot = array_push(&ps->table.processes);
    if (!slot)
        return cli_fail_errno("ps", ENOMEM);
    *slot = process;
    return 0;
}

static int choose_processes(struct ps *ps, const struct snapshot *snapshot)
{
    int r = 0;
    ps->table.snapshot = snapshot;
    for (size_t i = 0; i < snapshot->process_count && !ps->pids.count && r == 0; i++)
        r = add_process(ps, &snapshot->processes[i]);
    array_each(&ps->pids, pid)
    {
        const struct process *process = process_find(snapshot, *pid);
        if (process && r == 0)
            r = add_process(ps, process);
    }
    return r;
}

static void json_uses(struct json *json, const struct ps *ps, const struct process *process)
{
    const struct edge *edge;
    json_open(json, "uses", '[');
    for (size_t at = 0; (edge = process_next_edge(ps->table.snapshot, process, &at));) {
        json_open(json, NULL, '{');
        json_text(json, "object", ps->table.snapshot->objects[edge->object]->label);
        json_edge(json, edge);
        json_close(json, '{');
    }
    json_close(json, '[');
}

static int print_json(const struct ps *ps)
{
    struct json json = json_begin(stdout);
    json_open(&json, NULL, '{');
    json_number(&json, "schema", 1);
    json_open(&json, "processes", '[');
    array_each(&ps->table.processes, process)
    {
        struct process_use use = process_use(ps->table.snapshot, *process);
        json_line(&json);
        json_open(&json, NULL, '{');
        json_process(&json, *process);
        json_number(&json, "objects", use.objects);
        json_number(&json, "mapped", use.mapped);
        json_number(&json, "waits", use.by_role[EDGE_WAITING]);
        json_uses(&json, ps, *process);
        json_close(&json, '{');
    }
    json_close(&json, '[');
    json_line(&json);
    json_coverage(&json, ps->table.snapshot);
    json_close(&json, '{');
    int r = json_end(&json);
    return r < 0 ? cli_fail_output("ps", r) : 0;
}

static int print_details(const struct ps *ps)
{
    array_each(&ps->table.processes, process)
    {
        AUTO_DETAIL struct detail detail = {0};
        int r = detail_add_process(&detail, ps->table.snapshot, *process);
        if (r < 0)
            return cli_fail_errno("ps", r);
        if (process != ps->table.processes.items)
            putchar('\n');
        detail_print(&detail, stdout);
    }
    return 0;
}

static void say_unused(const struct ps *ps)
{
    array_each(&ps->pids, pid)
    {
        const struct process *process = process_find(ps->table.snapshot, *pid);
        if (!process || !process_use(ps->table.snapshot, process).objects)
            printf("process %d\n  uses no object that can be seen\n", *pid);
    }
}

static int print_text(const struct ps *ps)
{
    int r = ps->pids.count ? print_details(ps) : process_table_render(&ps->table, stdout);
    if (r < 0)
        return cli_fail_errno("ps", r);
    say_unused(ps);
    source_say_coverage(ps->table.snapshot);
    return r;
}

static int show(struct ps *ps)
{
    AUTO_KERNEL struct kernel *kernel = NULL;
    struct snapshot *snapshot = NULL;
    if (!ps->request.kinds && ps->pids.count)
        kinds_add(&ps->request.kinds, "all");
    else if (!ps->request.kinds)
        ps->request.kinds = kinds_usual();
    ps->request.needs = NEED_USERS | NEED_WAITERS | NEED_VALUES | NEED_COMMANDS;
    int r = source_open(&ps->source, &kernel);
    if (r == 0 && ps->pids.count)
        r = check_pids(ps, kernel);
    if (r == 0)
        r = source_collect(kernel, &ps->source, &ps->request, &snapshot);
    if (r == 0)
        r = choose_processes(ps, snapshot);
    if (r == 0)
        r = ps->json ? print_json(ps) : print_text(ps);
    snapshot_free(snapshot);
    return r ? r : ps->status;
}

static int run_with(struct ps *ps, int argc, char **argv)
{
    struct cli cli = cli_start(&cmd_ps, argc, argv);
    int letter, r = 0;
    while (r == 0 && (letter = cli_next(&cli)) >= 0)
        r = take_option(ps, &cli, letter);
    if (r)
        return r;
    if (letter != CLI_END)
        return letter == CLI_EXIT ? STATUS_FINE : STATUS_FAILED;
    for (int i = cli.index; i < argc; i++)
        if (take_pid(ps, argv[i]) != 0)
            ps->status = STATUS_FAILED;
    return ps->pids.count || cli.index == argc ? show(ps) : STATUS_FAILED;
}

static int run(int argc, char **argv)
{
    struct ps ps = {.status = STATUS_FINE, .table.headings = true};
    int status = run_with(&ps, argc, argv);
    array_free(&ps.pids);
    array_free(&ps.table.processes);
    return cli_finish(status);
}

const struct command cmd_ps = {
    .name = "ps",
    .synopsis = "[OPTIONS] [PID...]",
    .summary = "Show what processes hold and wait for",
    .options = options,
    .words = "pid",
    .more_help = kinds_print_help,
    .run = run,
};
