/*
 * rule_dead_notify.c - queues whose mq_notify(3) registration belongs to a process that is dead. The kernel
 * drops a registration when its process closes the queue (mqueue_flush_file() in ipc/mqueue.c), but one that
 * shared its descriptor table (CLONE_FILES) with a survivor never does.
 */
#include "inspector/finding.h"
#include "probes/collect.h"
#include "probes/kind.h"

#include <errno.h>

extern const struct rule rule_dead_notify;

static int look(const struct snapshot *snapshot, const struct object *object, struct findings *findings)
{
    if (snapshot_verdict(snapshot, object, FIELD_NOTIFY) != VERDICT_DEAD)
        return 0;
    pid_t pid = (pid_t)object->fields[FIELD_NOTIFY].number;
    struct finding *finding =
        finding_add(findings, &rule_dead_notify, CONFIDENCE_CERTAIN, object,
                    "process %d, which is dead, is registered to be told of messages: nobody is told, and "
                    "nobody else can register (EBUSY)",
                    pid);
    return finding && finding_set_pids(findings, finding, &pid, 1) ? 0 : -ENOMEM;
}

static int find_dead_notify(const struct evidence *evidence, struct findings *findings)
{
    return findings_each_object(evidence, findings, look);
}

const struct rule rule_dead_notify = {
    .name = "dead-notify",
    .singular = "notification of a dead process",
    .plural = "notifications of dead processes",
    .needs = NEED_NOTIFY | NEED_VERDICTS,
    .find = find_dead_notify,
};
