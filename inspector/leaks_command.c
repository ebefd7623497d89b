/*
 * leaks_command.c - what a command leaves behind. It runs in ipc and mount namespaces of its own, so that
 * everything in them is its own; or else, by comparison of before and after.
 */
#include "inspector/leaks.h"

#include "common/cleanup.h"
#include "common/cli.h"
#include "inspector/delta.h"
#include "inspector/leaks_left.h"
#include "probes/collect.h"
#include "probes/kernel.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* --- choosing --- */

/* Objects that go with their last user are no leak of their own: the user is. */
static bool stays(const struct object *object)
{
    struct value state = object->fields[FIELD_STATE];
    return !object->hidden && state.type == VALUE_WORD && strcmp(state.string, "live") == 0;
}

static bool can_stay(const struct object *object)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (kinds[i] == object->kind)
            return (kinds_that_stay | KIND_BIT(fifo)) >> i & 1;
    return false;
}

/* Others share the namespaces, and what made it was not seen although all of the command's calls were. */
static bool is_doubtful(const struct leaks_report *report, const struct leaked *leaked)
{
    return report->shared && report->attribution && !report->gaps.length && !leaked->making.call;
}

/*
 * FIFOs are found where processes have them open, which may be anybody's: the command's are those in its own
 * /dev/shm and those that it was seen to make.
 */
static bool is_of_others(const struct leaks_report *report, const struct leaked *leaked)
{
    struct stat here;
    if (leaked->object->kind != &kind_fifo || leaked->making.call)
        return false;
    return report->shared || stat("/dev/shm", &here) < 0 ||
           leaked->object->identity.space != space_of_device(major(here.st_dev), minor(here.st_dev));
}

static int add(struct leaks *leaks, const struct object *object)
{
    struct leaks_report *report = &leaks->report;
    struct leaked leaked = {.object = object};
    if (report->attribution)
        attribution_find(report->attribution, report->snapshot, object, &leaked.making);
    leaked.doubtful = is_doubtful(report, &leaked);
    if (is_of_others(report, &leaked) || leaks_baseline_has(&leaks->baseline, &leaked))
        return 0;
    struct leaked *slot = array_push(&report->objects);
    if (!slot)
        return -ENOMEM;
    *slot = leaked;
    return 0;
}

static int choose_new(struct leaks *leaks, const struct snapshot *before, const struct snapshot *after)
{
    struct delta delta;
    int r = delta_make(before, after, kinds_that_stay, &delta);
    if (r < 0)
        return r;
    leaks->report.snapshot = after;
    leaks->report.objects.count = 0;
    for (size_t i = 0; i < after->object_count && r == 0; i++) {
        const struct object *object = after->objects[i];
        if (delta.previous[i] == DELTA_NONE && can_stay(object) && stays(object) &&
            leaks_wants(leaks, after, object))
            r = add(leaks, object);
    }
    delta_free(&delta);
    return r;
}

/* --- looking --- */

static int look(struct kernel *kernel, uint64_t kinds_to_see, unsigned needs, bool unused,
                struct snapshot **ret_snapshot)
{
    struct request request = {.kinds = kinds_to_see, .needs = needs, .unused = unused};
    return snapshot_collect(kernel, &request, ret_snapshot);
}

/* Whether a FIFO lies in the shared memory file system itself; one that is deeper is found when there is
 * more. */
static bool has_fifo(void)
{
    AUTO_DIR DIR *folder = opendir("/dev/shm");
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        if (entry->d_type == DT_FIFO)
            return true;
    return false;
}

/* By what it is called: "process:NAME", or by a report that has it. */
static bool may_go_on(const struct leaks *leaks, const struct left_process *process)
{
    char name[sizeof("process:") + sizeof(process->comm)];
    snprintf(name, sizeof(name), "process:%s", process->comm);
    return allowed_has_text(&leaks->allowed, name) ||
           leaks_baseline_has_process(&leaks->baseline, process->comm);
}

static void drop_allowed_processes(struct leaks *leaks)
{
    struct leaks_report *report = &leaks->report;
    size_t kept = 0;
    array_each(&report->processes, process)
    {
        if (!may_go_on(leaks, process))
            report->processes.items[kept++] = *process;
    }
    report->processes.count = kept;
}

/* What a first, quick look has found; choose_new() has filled in the report. */
static bool is_something_left(const struct leaks *leaks)
{
    const struct leaks_report *report = &leaks->report;
    return report->objects.count || report->processes.count || (!leaks->shared && has_fifo());
}

/*
 * Who uses what costs a walk over all processes of the machine, and is asked only when something is left. In
 * namespaces where nobody is left there is nobody to be asked, and one look tells all.
 */
static int look_after(struct leaks *leaks, struct kernel *kernel, const struct snapshot *before,
                      struct snapshot **ret_after)
{
    struct leaks_report *report = &leaks->report;
    AUTO_SNAPSHOT struct snapshot *after = NULL;
    int r = leaks_left_list(report, kernel);
    bool unused = !leaks->shared && !report->processes.count;
    drop_allowed_processes(leaks);
    if (r == 0 && !unused)
        r = look(kernel, kinds_that_stay, 0, false, &after);
    if (r == 0 && !unused)
        r = choose_new(leaks, before, after);
    if (r == 0 && (unused || is_something_left(leaks))) {
        snapshot_free(after);
        after = NULL;
        uint64_t held = report->processes.count ? leaks_left_kinds() : 0;
        r = look(kernel, kinds_that_stay | KIND_BIT(fifo) | held, NEED_ALL, unused, &after);
        if (r == 0)
            r = choose_new(leaks, before, after);
        if (r == 0 && held)
            r = leaks_left_holdings(report, kernel);
    }
    *ret_after = take_ptr(after);
    return r;
}

static int run_and_report(struct leaks *leaks, struct kernel *kernel)
{
    AUTO_SNAPSHOT struct snapshot *before = NULL;
    AUTO_SNAPSHOT struct snapshot *after = NULL;
    struct leaks_report *report = &leaks->report;
    int r = leaks->shared ? look(kernel, kinds_that_stay, 0, false, &before) : 0;
    if (r == 0)
        r = leaks_run(&leaks->run);
    if (r == 0 && report->attribution) {
        attribution_finish(report->attribution);
        attribution_gaps(report->attribution, &report->gaps);
    }
    if (r == 0)
        r = look_after(leaks, kernel, before, &after);
    /* All is cleaned up before anything is said: writing into a pipe that nobody reads would end us. */
    leaks_end_all();
    if (report->attribution)
        attribution_end(report->attribution);
    r = r < 0 ? cli_fail_errno("leaks", r) : leaks_print(leaks);
    if (r)
        return r;
    bool leaked = leaks_report_count(report) != 0;
    return leaked && leaks->run.status == 0 ? leaks->exit_code : leaks->run.status;
}

/* --- setting up --- */

/* Why there are no namespaces, where it can be told; otherwise NULL. See unshare(2). */
static const char *why_no_world(int error)
{
    static const struct {
        int error;
        const char *why;
    } reasons[] = {
        {EPERM,  "this user may not make any (user namespaces are forbidden)"},
        {EACCES, "this user may not make any (user namespaces are forbidden)"},
        {ENOSPC, "there may be no more of them (limits in /proc/sys/user)"   },
        {EUSERS, "user namespaces are nested too deep"                       },
        {EINVAL, "the kernel has none"                                       },
        {ENOSYS, "the kernel has none"                                       },
    };
    for (size_t i = 0; i < COUNT_OF(reasons); i++)
        if (reasons[i].error == error)
            return reasons[i].why;
    return NULL;
}

static int enter_world(struct leaks *leaks)
{
    int r = leaks->shared ? 0 : leaks_enter_world();
    const char *why = why_no_world(-r);
    if (r < 0 && !why)
        return cli_fail_format("namespaces", "%s; --shared needs none", strerror(-r));
    if (r < 0) {
        cli_fail_format("no namespaces for the command",
                        "%s; comparing before and after instead, "
                        "in which objects of others may show",
                        why);
        leaks->shared = true;
    }
    leaks->report.shared = leaks->shared;
    return 0;
}

static int start_attribution(struct leaks *leaks)
{
    struct leaks_report *report = &leaks->report;
    if (leaks->attribute == ATTRIBUTE_NOT) {
        report->unattributed = "--no-attribute";
        return 0;
    }
    int r = attribution_new(leaks->run.argv[0], &report->attribution, &report->unattributed);
    if (r < 0 && r != -ENOTSUP)
        report->unattributed = strerror(-r);
    if (r < 0 && leaks->attribute == ATTRIBUTE)
        return cli_fail("--attribute", report->unattributed);
    leaks->run.attribution = report->attribution;
    return 0;
}

int leaks_of_command(struct leaks *leaks)
{
    AUTO_KERNEL struct kernel *kernel = NULL;
    struct kernel_live_options live = {0};
    leaks->report.command = leaks->run.argv[0];
    leaks->run.output_aside = leaks->json && !leaks->output.path;
    int r = leaks_hold_signals(&leaks->run);
    if (r < 0)
        return cli_fail_errno("leaks", r);
    r = start_attribution(leaks);
    if (r == 0)
        r = enter_world(leaks);
    if (r)
        return r;
    r = kernel_open_live(&live, &kernel);
    return r < 0 ? cli_fail_errno("/proc", r) : run_and_report(leaks, kernel);
}
