/* source_remembered.c - see source_remembered.h. */
#include "probes/source_remembered.h"

#include "common/cleanup.h"
#include "common/strbuf.h"
#include "probes/collection.h"
#include "probes/source_process.h"

#include <errno.h>
#include <string.h>

static int compare_known(const void *left, const void *right)
{
    const struct known_pid *a = left, *b = right;
    return a->pid < b->pid ? -1 : a->pid > b->pid;
}

static int remember(struct collection *collection, struct hash *seen, pid_t pid)
{
    uint32_t already;
    if (pid <= 0 || hash_get(seen, 0, (uint64_t)pid, &already))
        return 0;
    struct known_pid *known = array_push(&collection->known_pids);
    if (!known || hash_put(seen, 0, (uint64_t)pid, 1) < 0)
        return -ENOMEM;
    struct process process;
    known->pid = pid;
    int r = process_describe(collection->kernel, 0, &collection->clock, &collection->snapshot->arena, pid,
                             &process);
    if (r == 0) {
        known->start = process.start;
        known->comm = process.comm;
    }
    return r == -ENOMEM ? r : 0;
}

static int remember_semaphores(struct collection *collection, struct hash *seen, const struct object *object)
{
    int r = 0;
    for (size_t i = 0; object->semaphores && i < object->fields[FIELD_NSEMS].number && r == 0; i++)
        r = remember(collection, seen, object->semaphores[i].pid);
    return r;
}

/* With hidepid a missing /proc/PID proves nothing, unless the reader is root. */
static bool processes_are_hidden(struct collection *collection)
{
    AUTO_STRBUF struct strbuf mounts = {0};
    if (geteuid() == 0)
        return false;
    if (collection->kernel->ops->read(collection->kernel, "proc/self/mountinfo", &mounts) < 0)
        return true;
    const char *option = strstr(strbuf_text(&mounts), "hidepid=");
    return option && strncmp(option, "hidepid=0", 9) != 0 && strncmp(option, "hidepid=off", 11) != 0;
}

int source_remembered_pids(struct collection *collection)
{
    struct hash seen = {0};
    int r = 0;
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
    collection->snapshot->all_visible = !processes_are_hidden(collection);
    return r;
}
