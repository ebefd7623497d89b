/*
 * rule_reused_pid.c - objects that remember a pid which now belongs to another process: it started after the
 * object last heard of the one that is meant. Who looks the pid up finds a stranger, and may take a dead
 * creator for alive. Times of objects are those of the clock at that moment, so a clock that was set
 * misleads.
 */
#include "common/array.h"
#include "common/escape.h"
#include "common/strbuf.h"
#include "inspector/finding.h"
#include "probes/collect.h"

#include <errno.h>

extern const struct rule rule_reused_pid;

static const struct {
    enum field field;
    const char *role;
} remembered[] = {
    {FIELD_CPID,  "made it"              },
    {FIELD_LPID,  "used it last"         },
    {FIELD_LSPID, "sent to it last"      },
    {FIELD_LRPID, "received from it last"},
};

static int add_finding(const struct snapshot *snapshot, const struct object *object, pid_t pid,
                       const char *role, struct findings *findings)
{
    AUTO_STRBUF struct strbuf comm = {0};
    const struct known_pid *known = snapshot_known_pid(snapshot, pid);
    if (known && known->comm.type == VALUE_STRING)
        escape_bytes(&comm, known->comm.string, known->comm.length, NULL);
    struct finding *finding =
        finding_add(findings, &rule_reused_pid, CONFIDENCE_LIKELY, object,
                    "the process that %s had pid %d, which is another one since (%s): the one meant is dead",
                    role, pid, strbuf_text(&comm));
    if (!finding || comm.failed || !finding_set_pids(findings, finding, &pid, 1))
        return -ENOMEM;
    finding->confirm = "the clock was not set since";
    return 0;
}

/* One pid for an object is enough: that of its creator rather than others. */
static int look(const struct snapshot *snapshot, const struct object *object, struct findings *findings)
{
    for (size_t i = 0; i < COUNT_OF(remembered); i++)
        if (snapshot_verdict(snapshot, object, remembered[i].field) == VERDICT_REUSED)
            return add_finding(snapshot, object, (pid_t)object->fields[remembered[i].field].number,
                               remembered[i].role, findings);
    for (size_t i = 0; object->semaphores && i < object->fields[FIELD_NSEMS].number; i++)
        if (snapshot_semaphore_verdict(snapshot, object, i) == VERDICT_REUSED)
            return add_finding(snapshot, object, object->semaphores[i].pid, "used it last", findings);
    return 0;
}

static int find_reused(const struct evidence *evidence, struct findings *findings)
{
    return findings_each_object(evidence, findings, look);
}

const struct rule rule_reused_pid = {
    .name = "reused-pid",
    .singular = "reused pid",
    .plural = "reused pids",
    .needs = NEED_VERDICTS,
    .find = find_reused,
};
