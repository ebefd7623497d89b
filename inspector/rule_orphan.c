/*
 * rule_orphan.c - objects that nobody is left to use. Each kind has evidence of its own: who made it or last
 * used it is dead where the kernel remembers that, nobody has it mapped or open where that is how it is used.
 * That nobody will come back for it, no kernel can tell, so this is never certain.
 */
#include "common/units.h"
#include "inspector/finding.h"
#include "probes/collect.h"
#include "probes/kind.h"

#include <errno.h>
#include <stdio.h>

extern const struct rule rule_orphan;

/*
 * Of files, sets and queues the kernel does not tell who still means to use them: they must have lain
 * untouched for so long to be more than a hint.
 */
static const uint64_t idle_enough = UINT64_C(600000000000);

/* How long a program may take to make its objects. */
static const uint64_t one_start = UINT64_C(60000000000);

static bool is_gone(enum verdict verdict)
{
    return verdict == VERDICT_DEAD || verdict == VERDICT_REUSED;
}

/* How long ago, as ", last detached 3h ago"; "" when it never happened. */
static const char *since(const struct snapshot *snapshot, struct value time, const char *what, char *buffer,
                         size_t room)
{
    char text[UNITS_TEXT_MAX];
    buffer[0] = '\0';
    if (time.type == VALUE_TIME && time.number && time.number <= snapshot->time)
        snprintf(buffer, room, ", last %s %s ago", what,
                 units_format_duration(snapshot->time - time.number, text));
    return buffer;
}

static uint64_t pid_of(const struct object *object, enum field field)
{
    return object->fields[field].number;
}

static int find_segment(const struct snapshot *snapshot, const struct object *object,
                        struct findings *findings)
{
    struct value nattch = object->fields[FIELD_NATTCH];
    char idle[96];
    if (!value_known(nattch) || nattch.number || !is_gone(snapshot_verdict(snapshot, object, FIELD_CPID)))
        return 0;
    enum verdict last = snapshot_verdict(snapshot, object, FIELD_LPID);
    bool sure = last == VERDICT_NONE || is_gone(last);
    struct finding *finding =
        finding_add(findings, &rule_orphan, sure ? CONFIDENCE_LIKELY : CONFIDENCE_HINT, object,
                    "nobody is attached and its creator, pid %llu, is dead%s",
                    (unsigned long long)pid_of(object, FIELD_CPID),
                    since(snapshot, object->fields[FIELD_DTIME], "detached", idle, sizeof(idle)));
    if (!finding)
        return -ENOMEM;
    finding->confirm = sure ? "nobody still knows its key and means to attach again"
                            : "the process that last attached it does not mean to attach again";
    return 0;
}

/* Since when nothing happened to it, as far as the kernel remembers, in nanoseconds. */
static uint64_t idle_for(const struct snapshot *snapshot, const struct object *object)
{
    static const enum field times[] = {FIELD_BTIME, FIELD_CTIME, FIELD_MTIME, FIELD_ATIME,
                                       FIELD_OTIME, FIELD_STIME, FIELD_RTIME};
    uint64_t latest = 0;
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        struct value time = object->fields[times[i]];
        if (time.type == VALUE_TIME && time.number > latest)
            latest = time.number;
    }
    return latest && snapshot->time > latest ? snapshot->time - latest : 0;
}

/* --- sets and queues: who knows their ids is not known --- */

static bool is_system_v(const struct object *object)
{
    return object->kind == &kind_sysv_shm || object->kind == &kind_sysv_sem || object->kind == &kind_sysv_msg;
}

/* Whether a process is there that uses it, or that made or used it last. */
static bool is_in_use(const struct snapshot *snapshot, const struct object *object)
{
    static const enum field workers[] = {FIELD_CPID, FIELD_LPID, FIELD_LSPID, FIELD_LRPID};
    struct value nattch = object->fields[FIELD_NATTCH];
    if (snapshot_users(snapshot, object, EDGE_ROLE_COUNT) || (value_known(nattch) && nattch.number))
        return true;
    for (size_t i = 0; i < COUNT_OF(workers); i++)
        if (snapshot_verdict(snapshot, object, workers[i]) == VERDICT_ALIVE)
            return true;
    return false;
}

static bool made_together(const struct object *one, const struct object *other)
{
    struct value first = one->fields[FIELD_CTIME], second = other->fields[FIELD_CTIME];
    uint64_t between =
        first.number > second.number ? first.number - second.number : second.number - first.number;
    return first.type == VALUE_TIME && second.type == VALUE_TIME && between <= one_start &&
           one->fields[FIELD_CREATOR].number == other->fields[FIELD_CREATOR].number &&
           one->fields[FIELD_NAMESPACE].number == other->fields[FIELD_NAMESPACE].number;
}

/*
 * A program makes all it needs when it starts: a set that was made with a segment that somebody uses is that
 * one's, though only clients that came and went have worked on it.
 */
static bool has_sibling_in_use(const struct snapshot *snapshot, const struct object *object)
{
    for (size_t i = 0; i < snapshot->object_count; i++) {
        const struct object *other = snapshot->objects[i];
        if (other != object && is_system_v(other) && made_together(object, other) &&
            is_in_use(snapshot, other))
            return true;
    }
    return false;
}

static bool may_be_used(const struct snapshot *snapshot, const struct object *object)
{
    return snapshot_users(snapshot, object, EDGE_WAITING) || has_sibling_in_use(snapshot, object);
}

static enum confidence by_idleness(const struct snapshot *snapshot, const struct object *object)
{
    return idle_for(snapshot, object) >= idle_enough ? CONFIDENCE_LIKELY : CONFIDENCE_HINT;
}

/* Whether no process of that pid lives. Pids that semaphores remember are among the known ones. */
static bool is_dead_pid(const struct snapshot *snapshot, pid_t pid)
{
    for (size_t i = 0; i < snapshot->known_pid_count; i++)
        if (snapshot->known_pids[i].pid == pid)
            return !snapshot->known_pids[i].start && snapshot->all_visible;
    return false;
}

/* The last process that operated on the set, when all that did are dead; otherwise 0. */
static pid_t last_operator_dead(const struct snapshot *snapshot, const struct object *object)
{
    pid_t last = 0;
    for (size_t i = 0; object->semaphores && i < object->fields[FIELD_NSEMS].number; i++) {
        pid_t pid = object->semaphores[i].pid;
        if (pid && !is_dead_pid(snapshot, pid))
            return 0;
        last = pid ? pid : last;
    }
    return last;
}

static int find_set(const struct snapshot *snapshot, const struct object *object, struct findings *findings)
{
    char idle[96];
    pid_t last = last_operator_dead(snapshot, object);
    if (!last || may_be_used(snapshot, object))
        return 0;
    struct finding *finding =
        finding_add(findings, &rule_orphan, by_idleness(snapshot, object), object,
                    "nobody waits and all that worked on it, pid %d last, are dead%s", last,
                    since(snapshot, object->fields[FIELD_OTIME], "used", idle, sizeof(idle)));
    if (!finding)
        return -ENOMEM;
    finding->confirm = "no process keeps its id without having used it yet";
    return 0;
}

static int find_queue(const struct snapshot *snapshot, const struct object *object, struct findings *findings)
{
    char idle[96];
    enum verdict sender = snapshot_verdict(snapshot, object, FIELD_LSPID);
    enum verdict receiver = snapshot_verdict(snapshot, object, FIELD_LRPID);
    bool nobody_left = (is_gone(sender) && (receiver == VERDICT_NONE || is_gone(receiver))) ||
                       (is_gone(receiver) && sender == VERDICT_NONE);
    if (!nobody_left || may_be_used(snapshot, object))
        return 0;
    struct finding *finding = finding_add(
        findings, &rule_orphan, by_idleness(snapshot, object), object,
        "nobody waits and its last %s, pid %llu, is dead%s", is_gone(sender) ? "sender" : "receiver",
        (unsigned long long)pid_of(object, is_gone(sender) ? FIELD_LSPID : FIELD_LRPID),
        since(snapshot, object->fields[is_gone(sender) ? FIELD_STIME : FIELD_RTIME],
              is_gone(sender) ? "sent" : "received", idle, sizeof(idle)));
    if (!finding)
        return -ENOMEM;
    finding->confirm = "no process keeps its id without having used it yet";
    return 0;
}

static int find_file(const struct snapshot *snapshot, const struct object *object, struct findings *findings)
{
    char text[UNITS_TEXT_MAX];
    if (!object_says(object, FIELD_STATE, "live") || snapshot_users(snapshot, object, EDGE_ROLE_COUNT))
        return 0;
    uint64_t idle = idle_for(snapshot, object);
    bool all = snapshot_saw_everybody(snapshot);
    struct finding *finding =
        finding_add(findings, &rule_orphan, all && idle >= idle_enough ? CONFIDENCE_LIKELY : CONFIDENCE_HINT,
                    object, "%s has it open or mapped, untouched for %s",
                    all ? "no process" : "no visible process", units_format_duration(idle, text));
    if (!finding)
        return -ENOMEM;
    finding->confirm = all ? "no program means to open it by name again" : "a look at all processes, as root";
    return 0;
}

static const struct {
    const struct kind *kind;
    int (*find)(const struct snapshot *snapshot, const struct object *object, struct findings *findings);
} evidence_of[] = {
    {&kind_sysv_shm,  find_segment},
    {&kind_sysv_sem,  find_set    },
    {&kind_sysv_msg,  find_queue  },
    {&kind_posix_shm, find_file   },
    {&kind_posix_sem, find_file   },
    {&kind_posix_mq,  find_file   },
    {&kind_fifo,      find_file   },
};

static int find_orphans(const struct evidence *evidence, struct findings *findings)
{
    const struct snapshot *snapshot = evidence->snapshot;
    for (size_t i = 0; i < snapshot->object_count; i++) {
        const struct object *object = snapshot->objects[i];
        for (size_t j = 0; j < COUNT_OF(evidence_of); j++)
            if (evidence_of[j].kind == object->kind && evidence_of[j].find(snapshot, object, findings) < 0)
                return -ENOMEM;
    }
    return 0;
}

const struct rule rule_orphan = {
    .name = "orphan",
    .singular = "orphan",
    .plural = "orphans",
    .needs = NEED_USERS | NEED_VERDICTS,
    .find = find_orphans,
};
