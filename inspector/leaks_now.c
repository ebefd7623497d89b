/* leaks_now.c - objects that look orphaned now; the evidence is that of rule_orphan.c. */
#include "inspector/leaks.h"

#include "common/cli.h"
#include "inspector/finding.h"
#include "inspector/leaks_group.h"
#include "probes/collect.h"
#include "probes/kernel.h"
#include "probes/snapshot.h"

#include <errno.h>

extern const struct rule rule_orphan;

static int choose(struct leaks *leaks, const struct findings *findings)
{
    array_each(&findings->all, finding)
    {
        const struct object *object = finding->rule == &rule_orphan ? finding->objects[0] : NULL;
        const struct leaked leaked = {.object = object};
        if (!object || !leaks_wants(leaks, leaks->report.snapshot, object) ||
            leaks_baseline_has(&leaks->baseline, &leaked))
            continue;
        struct leaked *slot = array_push(&leaks->report.objects);
        if (!slot)
            return -ENOMEM;
        *slot = leaked;
    }
    leaks_group_sort(&leaks->report);
    return 0;
}

static int report(struct leaks *leaks, unsigned needs)
{
    struct findings findings = {0};
    struct evidence evidence = {.snapshot = leaks->report.snapshot, .needs = needs};
    leaks->report.findings = &findings;
    int r = findings_find(&evidence, &findings);
    if (r == 0)
        r = choose(leaks, &findings);
    r = r < 0 ? cli_fail_errno("leaks", r) : leaks_print(leaks);
    leaks->report.findings = NULL;
    findings_free(&findings);
    return r;
}

int leaks_now(struct leaks *leaks)
{
    AUTO_KERNEL struct kernel *kernel = NULL;
    struct snapshot *snapshot = NULL;
    struct request request = {.kinds = kinds_that_stay | KIND_BIT(fifo), .needs = NEED_ALL};
    int r = source_open(&leaks->source, &kernel);
    if (r == 0)
        r = source_collect(kernel, &leaks->source, &request, &snapshot);
    if (r)
        return r;
    leaks->report.snapshot = snapshot;
    r = report(leaks, request.needs);
    if (r == 0 && !leaks->json)
        source_say_coverage(snapshot);
    snapshot_free(snapshot);
    return r ? r : leaks_report_count(&leaks->report) ? STATUS_FINDINGS : STATUS_FINE;
}
