/*
 * rule_full.c - queues that take nothing more: whoever writes next waits or fails. A pipe counts pages and a
 * System V queue takes only whole messages, so either may refuse with room left; a writer that waits proves
 * it.
 */
#include "common/array.h"
#include "common/strbuf.h"
#include "inspector/finding.h"
#include "probes/collect.h"

#include <errno.h>
#include <string.h>

extern const struct rule rule_full;

enum { NEARLY = 90 /* percent */ };

/* How full, in percent; 0 when it is not a queue. A POSIX queue is full by messages, anything else by bytes.
 */
static unsigned percent_full(const struct object *object)
{
    bool by_messages = value_known(object->fields[FIELD_MAXMSG]);
    struct value part = object->fields[by_messages ? FIELD_MESSAGES : FIELD_FILL];
    struct value whole = object->fields[by_messages ? FIELD_MAXMSG : FIELD_CAPACITY];
    if (!value_known(part) || !value_known(whole) || !whole.number)
        return 0;
    return (unsigned)((double)part.number * 100 / (double)whole.number);
}

static bool is_sending(const struct edge *edge)
{
    static const char *const calls[] = {"msgsnd", "mq_timedsend", "write",  "writev",  "splice",
                                        "tee",    "vmsplice",     "sendto", "sendmsg", NULL};
    if (edge->role != EDGE_WAITING || !edge->operation)
        return false;
    for (const char *const *call = calls; *call; call++)
        if (strcmp(*call, edge->operation) == 0)
            return true;
    return false;
}

static int add_finding(const struct snapshot *snapshot, const struct object *object, unsigned percent,
                       struct findings *findings)
{
    ARRAY(pid_t) senders = {0};
    size_t count;
    const struct edge *edges = snapshot_edges(snapshot, object, &count);
    bool added = true;
    for (size_t i = 0; i < count && added; i++) {
        pid_t *pid = is_sending(&edges[i]) ? array_push(&senders) : NULL;
        added = pid || !is_sending(&edges[i]);
        if (pid)
            *pid = snapshot->processes[edges[i].process].pid;
    }
    struct finding *finding = NULL;
    if (senders.count)
        finding = finding_add(findings, &rule_full, CONFIDENCE_CERTAIN, object,
                              "%u%% full, and %zu thread%s wait%s to write", percent, senders.count,
                              senders.count == 1 ? "" : "s", senders.count == 1 ? "s" : "");
    else if (percent >= NEARLY)
        finding = finding_add(findings, &rule_full, percent >= 100 ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY,
                              object, "%u%% full, the next writer waits or fails", percent);
    if (finding && senders.count)
        added &= finding_set_pids(findings, finding, senders.items, senders.count);
    bool wanted = senders.count || percent >= NEARLY;
    array_free(&senders);
    return added && (finding || !wanted) ? 0 : -ENOMEM;
}

static int find_full(const struct evidence *evidence, struct findings *findings)
{
    for (size_t i = 0; i < evidence->snapshot->object_count; i++) {
        const struct object *object = evidence->snapshot->objects[i];
        unsigned percent = percent_full(object);
        if (percent && add_finding(evidence->snapshot, object, percent, findings) < 0)
            return -ENOMEM;
    }
    return 0;
}

const struct rule rule_full = {
    .name = "full",
    .singular = "full queue",
    .plural = "full queues",
    .needs = NEED_USERS | NEED_VALUES,
    .find = find_full,
};
