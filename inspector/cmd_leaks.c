/*
 * cmd_leaks.c - `shmoo leaks`: objects that look orphaned now, or what a command leaves behind. A command
 * runs in ipc and mount namespaces of its own, so that everything in them is its own, or else by comparison
 * of before and after.
 */
#include "common/array.h"
#include "common/cleanup.h"
#include "common/cli.h"
#include "common/strbuf.h"
#include "common/units.h"
#include "inspector/delta.h"
#include "inspector/finding.h"
#include "inspector/ids.h"
#include "inspector/leaks_allow.h"
#include "inspector/leaks_report.h"
#include "inspector/leaks_run.h"
#include "inspector/source.h"
#include "probes/collect.h"
#include "probes/kernel.h"
#include "probes/kind.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

extern const struct command cmd_leaks;

enum {
    OPTION_OLDER = 256,
    OPTION_USER,
    OPTION_NAME,
    OPTION_SHARED,
    OPTION_TIMEOUT,
    OPTION_GRACE,
    OPTION_ALLOW,
    OPTION_BASELINE,
    OPTION_JUNIT,
    OPTION_SARIF,
    OPTION_EXIT_CODE,
};

enum { STATUS_LEAKED = 23 };

static const struct cli_option options[] = {
    {"older",     OPTION_OLDER,     "DURATION", "only orphans made longer ago"              },
    {"user",      OPTION_USER,      "USER",     "only orphans of this user"                 },
    {"name",      OPTION_NAME,      "GLOB",     "only orphans called so"                    },
    {"shared",    OPTION_SHARED,    NULL,       "run CMD in the namespaces of everybody"    },
    {"timeout",   OPTION_TIMEOUT,   "DURATION", "end CMD after this long; the status is 124"},
    {"grace",     OPTION_GRACE,     "DURATION", "how long descendants of CMD may go on (1s)"},
    {"allow",     OPTION_ALLOW,     "GLOB",     "no leak is what matches, may be repeated"  },
    {"baseline",  OPTION_BASELINE,  "FILE",     "nor what this report of --json has"        },
    {"json",      'J',              NULL,       "write JSON, see shmoo-json(5)"             },
    {"junit",     OPTION_JUNIT,     "FILE",     "write a JUnit report too"                  },
    {"sarif",     OPTION_SARIF,     "FILE",     "write a SARIF report too"                  },
    {"exit-code", OPTION_EXIT_CODE, "N",        "status when CMD succeeds and leaks (23)"   },
    SOURCE_OPTIONS,
    {NULL,        0,                NULL,       NULL                                        },
};

struct leaks {
    struct source_options source;
    uint64_t older;
    bool by_user, shared, json;
    uid_t user;
    allowed_list names, allowed;
    FILE *junit, *sarif;
    int exit_code;
    struct leaks_run run;
    struct leaks_report report;
};

static const uint64_t kinds_that_stay = KIND_BIT(sysv_shm) | KIND_BIT(sysv_sem) | KIND_BIT(sysv_msg) |
                                        KIND_BIT(posix_shm) | KIND_BIT(posix_sem) | KIND_BIT(posix_mq);

/* --- choosing --- */

static uint64_t age_of(const struct snapshot *snapshot, const struct object *object)
{
    struct value made = object->fields[FIELD_BTIME];
    if (made.type != VALUE_TIME)
        made = object->fields[FIELD_CTIME];
    return made.type == VALUE_TIME && made.number < snapshot->time ? snapshot->time - made.number : 0;
}

static bool is_wanted(const struct leaks *leaks, const struct snapshot *snapshot, const struct object *object)
{
    struct value owner = object->fields[FIELD_OWNER];
    return !allowed_has(&leaks->allowed, object) &&
           (!leaks->names.count || allowed_has(&leaks->names, object)) &&
           (!leaks->by_user || (owner.type == VALUE_USER && owner.number == leaks->user)) &&
           age_of(snapshot, object) >= leaks->older;
}

static int add_object(struct leaks *leaks, const struct object *object)
{
    const struct object **slot = array_push(&leaks->report.objects);
    if (!slot)
        return -ENOMEM;
    *slot = object;
    return 0;
}

/* --- orphans now --- */

static int choose_orphans(struct leaks *leaks, const struct findings *findings)
{
    int r = 0;
    array_each(&findings->all, finding)
    {
        bool orphan = strcmp(finding->rule->name, "orphan") == 0;
        for (size_t i = 0; orphan && i < finding->object_count && r == 0; i++)
            if (is_wanted(leaks, leaks->report.snapshot, finding->objects[i]))
                r = add_object(leaks, finding->objects[i]);
    }
    return r;
}

static int print(struct leaks *leaks)
{
    int r = leaks->json ? leaks_report_json(&leaks->report, stdout)
                        : leaks_report_text(&leaks->report, leaks->report.command ? stderr : stdout);
    if (r == 0 && leaks->junit)
        r = leaks_report_junit(&leaks->report, leaks->junit);
    if (r == 0 && leaks->sarif)
        r = leaks_report_sarif(&leaks->report, leaks->sarif);
    if (r == 0 && getenv("GITHUB_ACTIONS"))
        r = leaks_report_annotations(&leaks->report, leaks->json ? stderr : stdout);
    return r < 0 ? cli_fail_errno("leaks", r) : 0;
}

static int find_orphans(struct leaks *leaks)
{
    AUTO_KERNEL struct kernel *kernel = NULL;
    struct snapshot *snapshot = NULL;
    struct findings findings = {0};
    struct request request = {.kinds = kinds_that_stay | KIND_BIT(fifo), .needs = NEED_ALL};
    int r = source_open(&leaks->source, &kernel);
    if (r == 0)
        r = source_collect(kernel, &leaks->source, &request, &snapshot);
    if (r)
        return r;
    struct evidence evidence = {.snapshot = snapshot, .needs = request.needs};
    leaks->report.snapshot = snapshot;
    leaks->report.findings = &findings;
    r = findings_find(&evidence, &findings);
    if (r == 0)
        r = choose_orphans(leaks, &findings);
    r = r < 0 ? cli_fail_errno("leaks", r) : print(leaks);
    if (r == 0 && !leaks->json)
        source_say_coverage(snapshot);
    findings_free(&findings);
    snapshot_free(snapshot);
    return r ? r : leaks->report.objects.count ? STATUS_FINDINGS : STATUS_FINE;
}

/* --- what a command leaves --- */

/* Objects that go with their last user are no leak of their own: the user is. */
static bool stays(const struct object *object)
{
    struct value state = object->fields[FIELD_STATE];
    return !object->hidden && state.type == VALUE_WORD && strcmp(state.string, "live") == 0;
}

static int choose_new(struct leaks *leaks, const struct snapshot *before, const struct snapshot *after)
{
    struct delta delta;
    int r = delta_make(before, after, kinds_that_stay, &delta);
    if (r < 0)
        return r;
    for (size_t i = 0; i < after->object_count && r == 0; i++)
        if (delta.previous[i] == DELTA_NONE && stays(after->objects[i]) &&
            is_wanted(leaks, after, after->objects[i]))
            r = add_object(leaks, after->objects[i]);
    delta_free(&delta);
    return r;
}

static int list_processes(struct leaks *leaks, struct kernel *kernel)
{
    pid_list pids = {0};
    int r = leaks_left_running(&pids);
    array_each(&pids, pid)
    {
        char path[48];
        AUTO_STRBUF struct strbuf name = {0};
        struct left_process *process = array_push(&leaks->report.processes);
        if (!process)
            r = -ENOMEM;
        if (r < 0)
            break;
        snprintf(path, sizeof(path), "proc/%d/comm", *pid);
        kernel->ops->read(kernel, path, &name);
        process->pid = *pid;
        snprintf(process->comm, sizeof(process->comm), "%.*s", (int)strcspn(strbuf_text(&name), "\n"),
                 strbuf_text(&name));
    }
    array_free(&pids);
    return r;
}

/* Who uses it costs a walk over all processes, and is asked only about what there is. */
static int look(struct kernel *kernel, unsigned needs, struct snapshot **ret_snapshot)
{
    struct request request = {.kinds = kinds_that_stay, .needs = needs};
    return snapshot_collect(kernel, &request, ret_snapshot);
}

static int look_after(struct leaks *leaks, struct kernel *kernel, const struct snapshot *before,
                      struct snapshot **ret_after)
{
    struct snapshot *after = NULL;
    int r = list_processes(leaks, kernel);
    if (r == 0)
        r = look(kernel, 0, &after);
    if (r == 0)
        r = choose_new(leaks, before, after);
    if (r == 0 && leaks->report.objects.count) {
        leaks->report.objects.count = 0;
        snapshot_free(after);
        after = NULL;
        r = look(kernel, NEED_ALL, &after);
        if (r == 0)
            r = choose_new(leaks, before, after);
    }
    *ret_after = after;
    return r;
}

static int run_and_report(struct leaks *leaks, struct kernel *kernel)
{
    struct snapshot *before = NULL, *after = NULL;
    int r = leaks->shared ? look(kernel, 0, &before) : 0;
    if (r == 0)
        r = leaks_run(&leaks->run);
    if (r == 0)
        r = look_after(leaks, kernel, before, &after);
    leaks->report.snapshot = after;
    leaks->report.command = leaks->run.argv[0];
    r = r < 0 ? cli_fail_errno("leaks", r) : print(leaks);
    leaks_end_all();
    snapshot_free(before);
    snapshot_free(after);
    if (r)
        return r;
    bool leaked = !leaks_report_is_empty(&leaks->report);
    return leaked && leaks->run.status == 0 ? leaks->exit_code : leaks->run.status;
}

static int run_command(struct leaks *leaks)
{
    AUTO_KERNEL struct kernel *kernel = NULL;
    struct kernel_live_options live = {0};
    int r = leaks->shared ? 0 : leaks_enter_world();
    if (r == -EPERM || r == -ENOSPC || r == -EINVAL || r == -ENOSYS) {
        cli_fail_format("no namespaces for the command",
                        "%s; comparing before and after instead, "
                        "in which objects of others may show",
                        strerror(-r));
        leaks->shared = true;
    } else if (r < 0) {
        return cli_fail_format("namespaces", "%s; --shared needs none", strerror(-r));
    }
    r = kernel_open_live(&live, &kernel);
    return r < 0 ? cli_fail_errno("/proc", r) : run_and_report(leaks, kernel);
}

/* --- options --- */

static int set_duration(const char *option, const char *text, uint64_t *ret_duration)
{
    if (units_parse_duration(text, ret_duration) == 0)
        return 0;
    return cli_fail_format(option, "'%s' is no duration like 5s or 1h", text);
}

static int set_user(struct leaks *leaks, const char *text)
{
    uint64_t number;
    leaks->by_user = true;
    if (units_parse_number(text, &number) == 0 && number < UINT32_MAX)
        leaks->user = (uid_t)number;
    else if (!user_find(text, &leaks->user))
        return cli_fail_format("--user", "no user is called '%s'", text);
    return 0;
}

static int set_glob(allowed_list *list, const char *glob)
{
    int r = allowed_add(list, glob);
    return r < 0 ? cli_fail_errno("leaks", r) : 0;
}

static int set_file(FILE **file, const char *path)
{
    cleanup_fclose(file);
    *file = fopen(path, "we");
    return *file ? 0 : cli_fail_errno(path, errno);
}

static int set_exit_code(struct leaks *leaks, const char *text)
{
    uint64_t number;
    if (units_parse_number(text, &number) < 0 || number > UCHAR_MAX)
        return cli_fail_format("--exit-code", "'%s' is no status", text);
    leaks->exit_code = (int)number;
    return 0;
}

static int take_option(struct leaks *leaks, const struct cli *cli, int letter)
{
    switch (letter) {
    case 'J': leaks->json = true; return 0;
    case OPTION_SHARED: leaks->shared = true; return 0;
    case OPTION_OLDER: return set_duration("--older", cli->argument, &leaks->older);
    case OPTION_TIMEOUT: return set_duration("--timeout", cli->argument, &leaks->run.timeout);
    case OPTION_GRACE: return set_duration("--grace", cli->argument, &leaks->run.grace);
    case OPTION_USER: return set_user(leaks, cli->argument);
    case OPTION_NAME: return set_glob(&leaks->names, cli->argument);
    case OPTION_ALLOW: return set_glob(&leaks->allowed, cli->argument);
    case OPTION_BASELINE: return allowed_read(&leaks->allowed, cli->argument);
    case OPTION_JUNIT: return set_file(&leaks->junit, cli->argument);
    case OPTION_SARIF: return set_file(&leaks->sarif, cli->argument);
    case OPTION_EXIT_CODE: return set_exit_code(leaks, cli->argument);
    default: source_option(&leaks->source, cli, letter); return 0;
    }
}

static int run_with(struct leaks *leaks, int argc, char **argv)
{
    struct cli cli = cli_start(&cmd_leaks, argc, argv);
    int letter, r = 0;
    while (r == 0 && (letter = cli_next(&cli)) >= 0)
        r = take_option(leaks, &cli, letter);
    if (r)
        return r;
    if (letter != CLI_END)
        return letter == CLI_EXIT ? STATUS_FINE : STATUS_FAILED;
    leaks->run.argv = argv + cli.index;
    if (cli.index == argc)
        return leaks->junit || leaks->sarif ? cli_fail("--junit, --sarif", "only with a command")
                                            : find_orphans(leaks);
    if (leaks->source.recording || leaks->source.all_namespaces)
        return cli_fail(argv[cli.index], "a command leaks into no recording and no other namespace");
    return run_command(leaks);
}

static int run(int argc, char **argv)
{
    struct leaks leaks = {.exit_code = STATUS_LEAKED, .run.grace = UINT64_C(1000000000)};
    int status = run_with(&leaks, argc, argv);
    allowed_free(&leaks.names);
    allowed_free(&leaks.allowed);
    array_free(&leaks.report.objects);
    array_free(&leaks.report.processes);
    cleanup_fclose(&leaks.junit);
    cleanup_fclose(&leaks.sarif);
    return cli_finish(status);
}

const struct command cmd_leaks = {
    .name = "leaks",
    .synopsis = "[OPTIONS] [-- CMD [ARGUMENT...]]",
    .summary = "Find orphaned objects, or what a command leaves behind",
    .options = options,
    .words = "command",
    .run = run,
};
