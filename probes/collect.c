/*
 * collect.c - snapshot_collect(): kinds enumerate, processes are walked once and their mappings, descriptors
 * and blocked calls offered to the kinds, and the result is frozen in order.
 */
#include "probes/collect.h"

#include "common/cleanup.h"
#include "common/scan.h"
#include "common/strbuf.h"
#include "probes/collection.h"
#include "probes/parse.h"
#include "probes/source_namespaces.h"
#include "probes/source_process.h"
#include "probes/source_remembered.h"
#include "probes/source_shm.h"

#include <errno.h>
#include <string.h>

static uint64_t with_dependencies(uint64_t wanted)
{
    for (uint64_t before = 0; before != wanted;) {
        before = wanted;
        for (size_t i = 0; i < KIND_COUNT; i++)
            if (wanted & UINT64_C(1) << i)
                wanted |= kinds[i]->depends;
    }
    return wanted;
}

struct object *collection_claim_vma(struct collection *collection, const struct holder *holder,
                                    const struct vma *vma)
{
    struct object *object = NULL;
    for (size_t i = 0; i < KIND_COUNT && !object; i++)
        if (collection_selects(collection, i) && vma_wanted(vma, kinds[i]->vmas) && kinds[i]->claim_vma)
            object = kinds[i]->claim_vma(collection, holder, vma);
    return object;
}

static void claim_vmas(struct collection *collection, struct holder *holder)
{
    array_each(&holder->vmas, vma)
    {
        const struct object *object = collection_claim_vma(collection, holder, vma);
        struct edge *edge = object ? collection_tie(collection, holder, object, EDGE_MAPPED) : NULL;
        if (!edge)
            continue;
        edge->access = vma->access;
        edge->bytes = vma->end - vma->start;
    }
}

/* Every kind sees every descriptor: locks look at files that are objects of another kind. */
static void claim_fds(struct collection *collection, struct holder *holder)
{
    array_each(&holder->fds, fd)
    {
        struct object *object = NULL;
        for (size_t i = 0; i < KIND_COUNT; i++) {
            bool wanted = collection_selects(collection, i) && kinds[i]->fds & fd->fd_class;
            struct object *claimed = wanted ? kinds[i]->claim_fd(collection, holder, fd) : NULL;
            object = object ? object : claimed;
        }
        struct edge *edge = object ? collection_tie(collection, holder, object, EDGE_OPEN) : NULL;
        if (!edge)
            continue;
        edge->access = fd->access;
        edge->fd = fd->fd;
    }
}

static void claim_holder(struct collection *collection, struct holder *holder)
{
    holder->first_edge = collection->edges.count;
    /* Descriptors first: they tell a file's status for less than mappings do. */
    claim_fds(collection, holder);
    claim_vmas(collection, holder);
    array_each(&holder->waits, wait) collection_claim_wait(collection, holder, wait);
}

static int compare_edges(const void *left, const void *right)
{
    const struct edge *a = left, *b = right;
    if (a->object != b->object)
        return a->object < b->object ? -1 : 1;
    if (a->process != b->process)
        return a->process < b->process ? -1 : 1;
    if (a->role != b->role)
        return a->role < b->role ? -1 : 1;
    if (a->tid != b->tid)
        return a->tid < b->tid ? -1 : 1;
    return a->fd < b->fd ? -1 : a->fd > b->fd;
}

static bool same_tie(const struct edge *a, const struct edge *b)
{
    return a->object == b->object && a->process == b->process && a->role == b->role && a->tid == b->tid &&
           a->role != EDGE_HOLDING;
}

static void merge_edges(struct collection *collection)
{
    struct edge *edges = collection->edges.items;
    size_t kept = 0;
    if (collection->edges.count)
        qsort(edges, collection->edges.count, sizeof(*edges), compare_edges);
    for (size_t i = 0; i < collection->edges.count; i++) {
        if (kept && same_tie(&edges[kept - 1], &edges[i])) {
            edges[kept - 1].count += edges[i].count;
            edges[kept - 1].bytes += edges[i].bytes;
            edges[kept - 1].access |= edges[i].access;
            edges[kept - 1].any |= edges[i].any;
        } else {
            edges[kept++] = edges[i];
        }
    }
    collection->edges.count = kept;
}

static size_t kind_position(const struct kind *kind)
{
    size_t position = 0;
    while (position + 1 < KIND_COUNT && kinds[position] != kind)
        position++;
    return position;
}

/* What an object is ordered by. */
struct place {
    struct object *object;
    uint32_t kind;   /* index into kinds[] */
    bool numbered;   /* its label is the kind's name and */
    uint64_t number; /* this, without leading zeros */
};

static struct place place_of(struct object *object)
{
    struct place place = {.object = object, .kind = (uint32_t)kind_position(object->kind)};
    struct scan rest = scan_text(object->label + strlen(object->kind->name) + 1);
    bool plain = rest.at < rest.end && *rest.at != '0' && rest.end - rest.at < 20;
    place.numbered = plain && scan_decimal(&rest, &place.number) && rest.at == rest.end;
    return place;
}

/* As strverscmp() of the labels, which takes ten times as long to compare numbers. */
static int compare_places(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->numbered && b->numbered)
        return a->number < b->number ? -1 : a->number > b->number;
    return strverscmp(a->object->label, b->object->label);
}

/* Objects in the order of kinds.def and, within a kind, of their labels. */
static int order_objects(struct collection *collection)
{
    size_t count = collection->objects.count;
    AUTO_FREE uint32_t *moved = calloc(count + 1, sizeof(*moved));
    AUTO_FREE struct place *places = calloc(count + 1, sizeof(*places));
    struct object **ordered =
        arena_alloc(&collection->snapshot->arena, (count + 1) * sizeof(struct object *));
    if (!moved || !places || !ordered)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++)
        places[i] = place_of(collection->objects.items[i]);
    qsort(places, count, sizeof(*places), compare_places);
    for (size_t i = 0; i < count; i++) {
        struct object *object = ordered[i] = places[i].object;
        moved[object->index] = (uint32_t)i;
        object->index = (uint32_t)i;
        /* There because a kind that was asked for builds on it. */
        if (!(collection->request->kinds & UINT64_C(1) << places[i].kind))
            object->hidden = true;
    }
    array_each(&collection->edges, edge) edge->object = moved[edge->object];
    collection->snapshot->objects = (const struct object *const *)ordered;
    collection->snapshot->object_count = count;
    return 0;
}

struct ranked {
    pid_t pid;
    uint32_t index;
};

static int compare_ranked(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    return a->pid < b->pid ? -1 : a->pid > b->pid;
}

/* Processes by pid: owners of locks were added after the walk. */
static int order_processes(struct collection *collection)
{
    size_t count = collection->processes.count;
    AUTO_FREE struct ranked *ranked = calloc(count + 1, sizeof(*ranked));
    AUTO_FREE uint32_t *moved = calloc(count + 1, sizeof(*moved));
    struct process *ordered = arena_alloc(&collection->snapshot->arena, (count + 1) * sizeof(*ordered));
    if (!ranked || !moved || !ordered)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++)
        ranked[i] = (struct ranked){collection->processes.items[i].pid, (uint32_t)i};
    qsort(ranked, count, sizeof(*ranked), compare_ranked);
    for (size_t i = 0; i < count; i++) {
        moved[ranked[i].index] = (uint32_t)i;
        ordered[i] = collection->processes.items[ranked[i].index];
    }
    array_each(&collection->edges, edge) edge->process = moved[edge->process];
    collection->snapshot->processes = ordered;
    collection->snapshot->process_count = count;
    return 0;
}

static const void *keep_array(struct collection *collection, const void *items, size_t size)
{
    const void *copy = arena_copy(&collection->snapshot->arena, items, size);
    collection->failed |= !copy;
    return copy;
}

static int freeze(struct collection *collection)
{
    struct snapshot *snapshot = collection->snapshot;
    if (order_objects(collection) < 0 || order_processes(collection) < 0)
        return -ENOMEM;
    merge_edges(collection);
    uint32_t *first = arena_alloc(&snapshot->arena, (snapshot->object_count + 1) * sizeof(*first));
    if (!first)
        return -ENOMEM;
    for (size_t object = 0, edge = 0; object <= snapshot->object_count; object++) {
        while (edge < collection->edges.count && collection->edges.items[edge].object < object)
            edge++;
        first[object] = (uint32_t)edge;
    }
    snapshot->edges =
        keep_array(collection, collection->edges.items, collection->edges.count * sizeof(struct edge));
    snapshot->edge_count = collection->edges.count;
    snapshot->coverage = keep_array(collection, collection->coverage.items,
                                    collection->coverage.count * sizeof(struct coverage));
    snapshot->coverage_count = collection->coverage.count;
    snapshot->known_pids = keep_array(collection, collection->known_pids.items,
                                      collection->known_pids.count * sizeof(struct known_pid));
    snapshot->known_pid_count = collection->known_pids.count;
    snapshot->shm_mounts = keep_array(collection, collection->shm_mounts.items,
                                      collection->shm_mounts.count * sizeof(struct shm_mount));
    snapshot->shm_mount_count = collection->shm_mounts.count;
    snapshot->first_edge = first;
    return collection->failed ? -ENOMEM : 0;
}

static void collection_free(struct collection *collection)
{
    hash_free(&collection->by_identity);
    hash_free(&collection->by_pid);
    array_free(&collection->objects);
    array_free(&collection->edges);
    array_free(&collection->processes);
    array_free(&collection->coverage);
    array_free(&collection->known_pids);
    array_free(&collection->ipc_views);
    array_free(&collection->shm_mounts);
}

/* Kinds with live objects that only processes lead to. */
static uint64_t kinds_of_processes(void)
{
    uint64_t found = 0;
    for (size_t i = 0; i < KIND_COUNT; i++)
        found |= kinds[i]->always ? UINT64_C(1) << i : 0;
    return found;
}

static int enumerate(struct collection *collection)
{
    int r = source_shm_walk(collection);
    for (size_t i = 0; i < KIND_COUNT && r == 0; i++) {
        collection->looking_for = UINT64_C(1) << i;
        if (collection_selects(collection, i) && kinds[i]->enumerate)
            r = kinds[i]->enumerate(collection);
    }
    return r;
}

static int run_kinds(struct collection *collection)
{
    struct process_walk *walk;
    int r = source_process_start(collection, &walk);
    if (r < 0)
        return r;
    r = enumerate(collection);
    collection->looking_for = kinds_of_processes();
    if (collection_needs(collection, NEED_USERS | NEED_WAITERS | NEED_VERDICTS))
        source_remembered_visibility(collection);
    int finished = source_process_finish(collection, walk, r == 0 ? claim_holder : NULL);
    collection->looking_for = 0;
    if (r == 0)
        r = finished;
    if (r == 0 && collection_needs(collection, NEED_WAITERS) && collection_needs(collection, NEED_VERDICTS))
        collection_read_handlers(collection);
    for (size_t i = 0; i < KIND_COUNT && r == 0; i++)
        if (collection_selects(collection, i) && kinds[i]->finish)
            r = kinds[i]->finish(collection);
    return r;
}

/* 0 where the link cannot be read. Returns 0 or -ENOMEM. */
static int own_pid_namespace(struct kernel *kernel, uint64_t *ret_number)
{
    AUTO_STRBUF struct strbuf link = {0};
    int r = kernel->ops->link(kernel, "proc/self/ns/pid", &link);
    if (r == 0)
        parse_bracketed(strbuf_text(&link), ret_number);
    return r == -ENOMEM || link.failed ? -ENOMEM : 0;
}

int snapshot_collect(struct kernel *kernel, const struct request *request, struct snapshot **ret_snapshot)
{
    struct snapshot *snapshot = calloc(1, sizeof(*snapshot));
    if (!snapshot)
        return -ENOMEM;
    struct collection collection = {.kernel = kernel,
                                    .request = request,
                                    .snapshot = snapshot,
                                    .kinds = with_dependencies(request->kinds)};
    if (kernel->ops->begin)
        kernel->ops->begin(kernel);
    int r = kernel->ops->clock(kernel, &collection.clock);
    snapshot->time = collection.clock.now;
    snapshot->ipc_namespace = kernel->ipc_namespace;
    snapshot->all_namespaces = request->all_namespaces;
    if (r == 0)
        r = own_pid_namespace(kernel, &snapshot->pid_namespace);
    collection.looking_for = source_shm_kinds();
    if (r == 0)
        r = source_namespaces_find(&collection);
    if (r == 0)
        r = run_kinds(&collection);
    if (r == 0 && request->needs & NEED_VERDICTS)
        r = source_remembered_pids(&collection);
    if (kernel->ops->end)
        kernel->ops->end(kernel);
    if (r == 0)
        r = freeze(&collection);
    collection_free(&collection);
    if (r < 0) {
        snapshot_free(snapshot);
        return r;
    }
    *ret_snapshot = snapshot;
    return 0;
}
