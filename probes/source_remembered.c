/* source_remembered.c - see source_remembered.h. */
#include "probes/source_remembered.h"

#include "common/cleanup.h"
#include "common/scan.h"
#include "common/strbuf.h"
#include "probes/collection.h"
#include "probes/parse.h"
#include "probes/process_describe.h"

#include <errno.h>
#include <string.h>

static int compare_known(const void *left, const void *right)
{
    const struct known_pid *a = left, *b = right;
    return a->pid < b->pid ? -1 : a->pid > b->pid;
}

/* Nobody has waited for it yet, but no thread of it is left to do anything. */
static bool has_ended(const struct process *process)
{
    return (process->state == 'Z' || process->state == 'X') && process->threads <= 1;
}

static int remember(struct collection *collection, struct hash *seen, pid_t pid)
{
    uint32_t already;
    if (pid <= 0 || hash_get(seen, 0, (uint64_t)pid, &already))
        return 0;
    if (hash_put(seen, 0, (uint64_t)pid, 1) < 0)
        return -ENOMEM;
    struct process process = {0};
    int r = process_describe(collection->kernel, 0, &collection->clock, &collection->snapshot->arena, pid,
                             &process);
    /* Only a process that is absent is dead; of one that could not be read nothing is known. */
    if (r < 0 && r != -ENOENT && r != -ESRCH) {
        collection_process_error(collection, "stat", r);
        return collection->failed ? -ENOMEM : 0;
    }
    struct known_pid *known = array_push(&collection->known_pids);
    if (!known)
        return -ENOMEM;
    *known = (struct known_pid){
        .pid = pid, .start = has_ended(&process) ? 0 : process.start, .comm = process.comm};
    return 0;
}

static int remember_semaphores(struct collection *collection, struct hash *seen, const struct object *object)
{
    int r = 0;
    for (size_t i = 0; object->semaphores && i < object->fields[FIELD_NSEMS].number && r == 0; i++)
        r = remember(collection, seen, object->semaphores[i].pid);
    return r;
}

/* A proc that hides processes says so in its options; one that hides none has no such option. */
static bool hides_processes(struct scan line)
{
    struct mount_line mount;
    return parse_mount_line(line, &mount) && strcmp(mount.type, "proc") == 0 &&
           strcmp(mount.point, "/proc") == 0 &&
           memmem(line.at, (size_t)(line.end - line.at), "hidepid=", strlen("hidepid="));
}

/* With hidepid a missing /proc/PID proves nothing, unless the reader is root. */
static bool processes_are_hidden(struct collection *collection)
{
    AUTO_STRBUF struct strbuf mounts = {0};
    if (collection->kernel->sees_all)
        return false;
    if (collection->kernel->ops->read(collection->kernel, "proc/self/mountinfo", &mounts) < 0)
        return true;
    struct scan scan = scan_bytes(strbuf_text(&mounts), mounts.length), line;
    while (scan_line(&scan, &line))
        if (hides_processes(line))
            return true;
    return false;
}

void source_remembered_visibility(struct collection *collection)
{
    bool foreign = collection->kernel->foreign_pids, hidden = !foreign && processes_are_hidden(collection);
    if (foreign)
        collection_gap(collection, "verdicts on processes", "/proc of another pid namespace", EXDEV);
    if (hidden)
        collection_gap(collection, "processes", "/proc with hidepid=", EPERM);
    collection->snapshot->all_visible = !foreign && !hidden;
}

int source_remembered_pids(struct collection *collection)
{
    struct hash seen = {0};
    int r = 0;
    /* Objects remember pids as the reader's namespace has them. To compare them with another's would lie. */
    if (collection->kernel->foreign_pids)
        return 0;
    array_each(&collection->objects, object)
    {
        for (size_t field = 0; field < FIELD_COUNT && r == 0; field++)
            if ((*object)->fields[field].type == VALUE_PID)
                r = remember(collection, &seen, (pid_t)(*object)->fields[field].number);
        if (r == 0)
            r = remember_semaphores(collection, &seen, *object);
    }
    hash_free(&seen);
    if (collection->known_pids.count)
        qsort(collection->known_pids.items, collection->known_pids.count,
              sizeof(*collection->known_pids.items), compare_known);
    return r;
}
