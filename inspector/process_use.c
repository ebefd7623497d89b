/* process_use.c - see process_use.h. */
#include "inspector/process_use.h"

#include "probes/snapshot.h"

/* Memory that only one process has is no shared object, however it was mapped. */
const struct edge *process_next_edge(const struct snapshot *snapshot, const struct process *process,
                                     size_t *at)
{
    uint32_t index = (uint32_t)(process - snapshot->processes);
    while (*at < snapshot->edge_count) {
        const struct edge *edge = &snapshot->edges[(*at)++];
        if (edge->process == index && !snapshot->objects[edge->object]->hidden)
            return edge;
    }
    return NULL;
}

struct process_use process_use(const struct snapshot *snapshot, const struct process *process)
{
    struct process_use use = {0};
    const struct edge *edge;
    uint32_t last = UINT32_MAX;
    for (size_t at = 0; (edge = process_next_edge(snapshot, process, &at));) {
        use.objects += edge->object != last;
        use.by_role[edge->role]++;
        use.mapped += edge->role == EDGE_MAPPED ? edge->bytes : 0;
        if (edge->role == EDGE_WAITING && !use.first_wait)
            use.first_wait = edge;
        last = edge->object;
    }
    return use;
}

const struct process *process_find(const struct snapshot *snapshot, int pid)
{
    for (size_t i = 0; i < snapshot->process_count; i++)
        if (snapshot->processes[i].pid == pid)
            return &snapshot->processes[i];
    return NULL;
}
