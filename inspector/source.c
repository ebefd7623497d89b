/* source.c - see source.h. */
#include "inspector/source.h"

#include "probes/collect.h"
#include "probes/kernel.h"
#include "probes/snapshot.h"

#include <stdio.h>
#include <string.h>

bool source_option(struct source_options *options, const struct cli *cli, int letter)
{
    (void)cli;
    if (letter != OPTION_ALL_NAMESPACES)
        return false;
    options->all_namespaces = true;
    return true;
}

int source_open(const struct source_options *options, struct kernel **ret_kernel)
{
    AUTO_KERNEL struct kernel *kernel = NULL;
    struct kernel_live_options live = {.all_namespaces = options->all_namespaces};
    int r = kernel_open_live(&live, &kernel);
    if (r < 0)
        return cli_fail_errno("/proc", r);
    *ret_kernel = kernel;
    kernel = NULL;
    return 0;
}

int source_collect(struct kernel *kernel, const struct source_options *options, struct request *request,
                   struct snapshot **ret_snapshot)
{
    request->all_namespaces = options->all_namespaces;
    int r = snapshot_collect(kernel, request, ret_snapshot);
    return r < 0 ? cli_fail_errno("/proc", r) : 0;
}

void source_say_coverage(const struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->coverage_count; i++) {
        const struct coverage *gap = &snapshot->coverage[i];
        const char *why = strerror(gap->error);
        if (gap->processes)
            cli_fail_format("not shown", "%s of %u process%s: %s", gap->source, gap->processes,
                            gap->processes == 1 ? "" : "es", why);
        else if (gap->place)
            cli_fail_format("not shown", "%s of %s: %s", gap->source, gap->place, why);
        else
            cli_fail_format("not shown", "%s: %s", gap->source, why);
    }
}
