/* source.c - see source.h. */
#include "inspector/source.h"

#include "common/heap.h"
#include "common/units.h"
#include "inspector/sandbox.h"
#include "probes/collect.h"
#include "probes/kernel.h"
#include "probes/kind.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <string.h>

bool source_option(struct source_options *options, const struct cli *cli, int letter)
{
    switch (letter) {
    case OPTION_ALL_NAMESPACES: options->all_namespaces = true; return true;
    case OPTION_ROOT: options->recording = cli->argument; return true;
    default: return false;
    }
}

static int open_kernel(const struct source_options *options, struct kernel **ret_kernel)
{
    if (options->recording)
        return kernel_open_recording(options->recording, ret_kernel);
    struct kernel_live_options live = {.all_namespaces = options->all_namespaces,
                                       .glances = options->glances};
    return kernel_open_live(&live, ret_kernel);
}

static int fail(const struct source_options *options, int error)
{
    return cli_fail_errno(options->recording ? options->recording : "/proc", error);
}

int source_fail(const struct source_options *options, int error)
{
    if (options->recording && error == -ENOENT)
        return cli_fail_format(options->recording, "incomplete recording: %s", strerror(-error));
    return fail(options, error);
}

int source_open_kernel(const struct source_options *options, struct kernel **ret_kernel)
{
    int r = open_kernel(options, ret_kernel);
    if (r == -EINVAL && options->recording)
        return cli_fail(options->recording, "not a recording of shmoo");
    return r < 0 ? fail(options, r) : 0;
}

int source_open(const struct source_options *options, struct kernel **ret_kernel)
{
    struct kernel *kernel;
    int r = source_open_kernel(options, &kernel);
    if (r)
        return r;
    if (options->glances)
        heap_expect_much();
    r = sandbox_enter(options->powers | (options->all_namespaces ? SANDBOX_NAMESPACES : 0u));
    if (r < 0)
        cli_fail_format("going on without a sandbox", "seccomp: %s", strerror(-r));
    *ret_kernel = kernel;
    return 0;
}

int source_collect(struct kernel *kernel, const struct source_options *options, struct request *request,
                   struct snapshot **ret_snapshot)
{
    request->all_namespaces = options->all_namespaces;
    int r = snapshot_collect(kernel, request, ret_snapshot);
    return r < 0 ? source_fail(options, r) : 0;
}

/* Live objects are hidden by what concerns their kind, those without a name by every process not seen. */
static bool may_hide(const struct coverage *gap, const char *label)
{
    return gap->kinds & UINT64_C(1) << kind_of_label(label) || (gap->processes && strchr(label, '#'));
}

int source_fail_to_find(const struct snapshot *snapshot, const char *label)
{
    for (size_t i = 0; i < snapshot->coverage_count; i++)
        if (may_hide(&snapshot->coverage[i], label))
            return cli_fail(label, "not found, but not all was to be seen where it could be");
    return cli_fail(label, "no such object");
}

void source_say_coverage(const struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->coverage_count; i++) {
        const struct coverage *gap = &snapshot->coverage[i];
        const char *why = strerror(gap->error);
        if (gap->processes)
            cli_fail_format("not shown", "%s of %u %s: %s", gap->source, gap->processes,
                            units_processes(gap->processes), why);
        else if (gap->place)
            cli_fail_format("not shown", "%s of %s: %s", gap->source, gap->place, why);
        else
            cli_fail_format("not shown", "%s: %s", gap->source, why);
    }
}
