/* snapshot.c - questions to a finished snapshot. */
#include "probes/snapshot.h"

#include "common/array.h"

#include <stdlib.h>
#include <string.h>

const struct edge *snapshot_edges(const struct snapshot *snapshot, const struct object *object,
                                  size_t *ret_count)
{
    uint32_t first = snapshot->first_edge[object->index];
    *ret_count = snapshot->first_edge[object->index + 1] - first;
    return snapshot->edges + first;
}

size_t snapshot_users(const struct snapshot *snapshot, const struct object *object, enum edge_role role)
{
    size_t count, users = 0;
    const struct edge *edges = snapshot_edges(snapshot, object, &count);
    uint32_t last = UINT32_MAX;
    for (size_t i = 0; i < count; i++) {
        if ((role != EDGE_ROLE_COUNT && edges[i].role != role) || edges[i].process == last)
            continue;
        last = edges[i].process;
        users++;
    }
    return users;
}

/* Raw output writes a space of a name as \x20, so that columns stay apart; that is the same label. */
static bool is_label(const char *label, const char *text)
{
    static const char space[] = "\\x20";
    while (*label && *text) {
        bool escaped = *label == ' ' && strncmp(text, space, strlen(space)) == 0;
        if (!escaped && *label != *text)
            return false;
        label++;
        text += escaped ? strlen(space) : 1;
    }
    return *label == *text;
}

const struct object *snapshot_find(const struct snapshot *snapshot, const char *label)
{
    for (size_t i = 0; i < snapshot->object_count; i++)
        if (is_label(snapshot->objects[i]->label, label))
            return snapshot->objects[i];
    return NULL;
}

const struct object *snapshot_find_identity(const struct snapshot *snapshot, const struct identity *identity)
{
    for (size_t i = 0; i < snapshot->object_count; i++)
        if (identity_is(&snapshot->objects[i]->identity, identity))
            return snapshot->objects[i];
    return NULL;
}

/* Which time of an object is the last sign of the process a field remembers. */
static const struct {
    enum field pid, times[2];
} signs[] = {
    {FIELD_CPID,  {FIELD_CTIME, FIELD_CTIME}},
    {FIELD_LPID,  {FIELD_ATIME, FIELD_DTIME}},
    {FIELD_LSPID, {FIELD_STIME, FIELD_STIME}},
    {FIELD_LRPID, {FIELD_RTIME, FIELD_RTIME}},
};

static uint64_t later(struct value time, uint64_t than)
{
    return time.type == VALUE_TIME && time.number > than ? time.number : than;
}

/* A semop() sets the time of the last operation, SETVAL that of the last change; both set the pid. */
static uint64_t last_semaphore_sign(const struct object *object)
{
    return later(object->fields[FIELD_CTIME], later(object->fields[FIELD_OTIME], 0));
}

static uint64_t last_sign(const struct object *object, enum field field)
{
    uint64_t latest = 0;
    if (object->semaphores && field == FIELD_LPID)
        return last_semaphore_sign(object);
    for (size_t i = 0; i < COUNT_OF(signs); i++) {
        if (signs[i].pid != field)
            continue;
        for (size_t j = 0; j < COUNT_OF(signs[i].times); j++)
            latest = later(object->fields[signs[i].times[j]], latest);
    }
    return latest;
}

const struct known_pid *snapshot_known_pid(const struct snapshot *snapshot, pid_t pid)
{
    size_t low = 0, high = snapshot->known_pid_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (snapshot->known_pids[middle].pid < pid)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < snapshot->known_pid_count && snapshot->known_pids[low].pid == pid;
    return found ? &snapshot->known_pids[low] : NULL;
}

static enum verdict pid_verdict(const struct snapshot *snapshot, pid_t pid, uint64_t sign)
{
    /* System V times are whole seconds cut off, start times are ticks after a rounded boot: leave both room.
     */
    static const uint64_t slack = UINT64_C(2000000000);
    const struct known_pid *known = snapshot_known_pid(snapshot, pid);
    if (!known)
        return VERDICT_UNKNOWN;
    if (!known->start)
        return snapshot->all_visible ? VERDICT_DEAD : VERDICT_UNKNOWN;
    return sign && known->start > sign + slack ? VERDICT_REUSED : VERDICT_ALIVE;
}

enum verdict snapshot_verdict(const struct snapshot *snapshot, const struct object *object, enum field field)
{
    struct value value = object->fields[field];
    if (value.type != VALUE_PID)
        return VERDICT_NONE;
    /* A pid that this pid namespace cannot name reads as 0 (pid_nr_ns()); so does that of no operation yet.
     */
    uint64_t sign = last_sign(object, field);
    if (!value.number && object->semaphores)
        return later(object->fields[FIELD_OTIME], 0) ? VERDICT_UNKNOWN : VERDICT_NONE;
    if (!value.number)
        return field == FIELD_CPID || sign ? VERDICT_UNKNOWN : VERDICT_NONE;
    return pid_verdict(snapshot, (pid_t)value.number, sign);
}

enum verdict snapshot_semaphore_verdict(const struct snapshot *snapshot, const struct object *object,
                                        size_t semaphore)
{
    if (!object->semaphores || !object->semaphores[semaphore].pid)
        return VERDICT_NONE;
    return pid_verdict(snapshot, object->semaphores[semaphore].pid, last_semaphore_sign(object));
}

bool snapshot_saw_everybody(const struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->coverage_count; i++)
        if (snapshot->coverage[i].processes)
            return false;
    return snapshot->all_visible;
}

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = {"", "alive", "dead", "reused", "unknown"};
    return names[verdict];
}

void snapshot_free(struct snapshot *snapshot)
{
    if (!snapshot)
        return;
    arena_free(&snapshot->arena);
    free(snapshot);
}
