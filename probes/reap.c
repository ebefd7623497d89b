/* reap.c - see reap.h. How each kind is looked at again and removed is in reap_sysv.c and reap_file.c. */
#include "probes/reap.h"

#include "common/array.h"
#include "common/escape.h"
#include "common/strbuf.h"
#include "common/units.h"
#include "probes/kind.h"
#include "probes/reaper.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <string.h>

static const struct reaper {
    const struct kind *kind;
    int (*reap)(const struct reaping *reaping);
} reapers[] = {
    {&kind_sysv_shm,  reap_segment},
    {&kind_sysv_sem,  reap_set    },
    {&kind_sysv_msg,  reap_queue  },
    {&kind_posix_shm, reap_file   },
    {&kind_posix_sem, reap_file   },
    {&kind_posix_mq,  reap_mqueue },
    {&kind_fifo,      reap_file   },
};

int reap_refuse(const struct reaping *reaping, int error, const char *why)
{
    strbuf_add_string(reaping->why, why);
    return error;
}

int reap_refuse_touched(const struct reaping *reaping)
{
    return reap_refuse(reaping, -EBUSY, "in use: somebody used it since it was looked at; look again");
}

static void add_process(struct strbuf *why, const struct process *process)
{
    strbuf_add_format(why, " %d", process->pid);
    if (process->comm.type != VALUE_STRING)
        return;
    strbuf_add_string(why, " (");
    escape_bytes(why, process->comm.string, process->comm.length, NULL);
    strbuf_add_char(why, ')');
}

/* "in use by 3 processes: 12 (a) 13 (b) …" */
static int refuse_users(const struct reaping *reaping, size_t users)
{
    enum { NAMED = 4 };
    size_t count, named = 0;
    const struct snapshot *snapshot = reaping->snapshot;
    const struct edge *edges = snapshot_edges(snapshot, reaping->object, &count);
    strbuf_add_format(reaping->why, "in use by %zu %s:", users, units_processes(users));
    for (size_t i = 0; i < count && named < NAMED; i++) {
        if (i && edges[i].process == edges[i - 1].process)
            continue;
        add_process(reaping->why, &snapshot->processes[edges[i].process]);
        named++;
    }
    if (users > named)
        strbuf_add_string(reaping->why, " and more");
    return -EBUSY;
}

static int refuse_what_is_elsewhere(const struct reaping *reaping)
{
    const struct value *fields = reaping->object->fields;
    if (value_known(fields[FIELD_CONTAINER]))
        return reap_refuse(reaping, -ENOTSUP, "it is in a container; remove it from in there");
    if (fields[FIELD_NAMESPACE].type == VALUE_NUMBER && reaping->snapshot->ipc_namespace &&
        fields[FIELD_NAMESPACE].number != reaping->snapshot->ipc_namespace)
        return reap_refuse(reaping, -ENOTSUP, "it is in another ipc namespace; remove it from in there");
    if (fields[FIELD_STATE].type == VALUE_WORD && strcmp(fields[FIELD_STATE].string, "live") != 0)
        return reap_refuse(reaping, -ENOTSUP, "it is removed already and goes with its last user");
    return 0;
}

static const struct reaper *reaper_of(const struct kind *kind)
{
    for (size_t i = 0; i < COUNT_OF(reapers); i++)
        if (reapers[i].kind == kind)
            return &reapers[i];
    return NULL;
}

bool reap_can(const struct kind *kind)
{
    return reaper_of(kind);
}

int reap(const struct snapshot *snapshot, const struct object *object, const struct reap_options *options,
         struct strbuf *why)
{
    struct reaping reaping = {.snapshot = snapshot, .object = object, .options = options, .why = why};
    size_t users = snapshot_users(snapshot, object, EDGE_ROLE_COUNT);
    int r = refuse_what_is_elsewhere(&reaping);
    if (r < 0)
        return r;
    if (users && !options->force)
        return refuse_users(&reaping, users);
    const struct reaper *reaper = reaper_of(object->kind);
    if (reaper)
        return reaper->reap(&reaping);
    return reap_refuse(&reaping, -ENOTSUP, "objects of this kind go with their last user");
}
