/*
 * source_process.c - see source_process.h. Workers share nothing but the next pid to take: each has its arena
 * and writes only the slot of the pid it took, so the result does not depend on who was faster.
 */
#include "probes/source_process.h"

#include "common/cleanup.h"
#include "common/strbuf.h"
#include "common/thread.h"
#include "probes/parse.h"
#include "probes/process_describe.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

enum { WORKERS = 2, PATH_ROOM = 64, WORKER_STACK = 256 * 1024 };

enum scan_step { STEP_MAPS, STEP_FD, STEP_SYSCALL, STEP_STAT, STEP_DESCRIPTION, STEP_NAMESPACE, STEP_COUNT };

static const char *const step_names[STEP_COUNT] = {"maps", "fd",          "syscall",
                                                   "stat", "description", "namespaces"};

/* What was found of one pid. */
struct slot {
    struct holder *holder;  /* NULL when there was nothing to see */
    int errors[STEP_COUNT]; /* errno of each step, 0 when it was read */
};

struct walk {
    const struct collection *collection;
    unsigned vma_classes, fd_classes;
    bool waits;
    pthread_mutex_t listing; /* held while the next three are found out */
    bool listed;
    int error; /* of that */
    pid_t *pids;
    size_t pid_count;
    struct slot *slots;
    atomic_size_t next;
    atomic_bool failed;
};

struct worker {
    struct walk *walk;
    struct arena arena;
    struct holder holder; /* being filled */
    pthread_t thread;
    bool started;
};

static int see_vma(void *argument, const struct vma *vma)
{
    struct worker *worker = argument;
    struct vma *copy = array_push(&worker->holder.vmas);
    char *name = arena_string(&worker->arena, vma->name);
    if (!copy || !name)
        return -ENOMEM;
    *copy = *vma;
    copy->name = name;
    return 0;
}

static int see_fd(void *argument, const struct fd *fd)
{
    struct worker *worker = argument;
    struct fd *copy = array_push(&worker->holder.fds);
    char *link = arena_string(&worker->arena, fd->brief ? "" : fd->link);
    if (!copy || !link)
        return -ENOMEM;
    *copy = *fd;
    copy->link = link;
    return 0;
}

static int see_thread(struct worker *worker, struct kernel *kernel, pid_t pid, pid_t tid)
{
    AUTO_STRBUF struct strbuf text = {0};
    struct wait wait;
    int r = kernel_read_thread(kernel, pid, tid, "syscall", &text);
    if (r < 0 || !blocked_parse(strbuf_text(&text), &wait))
        return r;
    struct wait *copy = array_push(&worker->holder.waits);
    if (!copy)
        return -ENOMEM;
    *copy = wait;
    copy->tid = tid;
    return 0;
}

/* A first thread that has ended waits for nothing, and refuses to tell so. */
static int see_threads(struct worker *worker, struct kernel *kernel, pid_t pid, pid_t through)
{
    AUTO_FREE pid_t *tids = NULL;
    size_t count = 0;
    struct glance glance;
    if (process_glance(kernel, pid, &glance) == 0 && !glance.blocked)
        return 0;
    int r = kernel->ops->tids(kernel, pid, &tids, &count);
    for (size_t i = 0; i < count && r == 0; i++) {
        r = tids[i] == pid && through != pid ? 0 : see_thread(worker, kernel, pid, tids[i]);
        if (r == -ENOENT || r == -ESRCH)
            r = 0;
    }
    return r;
}

static void note_error(struct slot *slot, enum scan_step step, int error)
{
    if (error < 0 && error != -ENOENT && error != -ESRCH)
        slot->errors[step] = -error;
}

/*
 * Links of a process that is just ending are refused with EACCES rather than absent, and a zombie, which
 * holds nothing any more, belongs to root for all but its parent: neither is a gap.
 */
static void forget_errors_of_the_ended(struct kernel *kernel, pid_t pid, struct slot *slot)
{
    char path[PATH_ROOM];
    AUTO_STRBUF struct strbuf text = {0};
    struct process process = {0};
    uint64_t ticks;
    bool denied = false;
    for (size_t i = 0; i < STEP_COUNT; i++)
        denied |= slot->errors[i] == EACCES;
    if (!denied)
        return;
    snprintf(path, sizeof(path), "proc/%d/stat", pid);
    int r = kernel->ops->read(kernel, path, &text);
    bool read = r == 0 && parse_stat(strbuf_text(&text), text.length, &process, &ticks);
    if (r != -ENOENT && r != -ESRCH && !(read && process_has_ended(&process) && process.threads <= 1))
        return;
    for (size_t i = 0; i < STEP_COUNT; i++)
        slot->errors[i] = slot->errors[i] == ENOMEM ? ENOMEM : 0;
}

static bool slot_failed(const struct slot *slot)
{
    for (size_t i = 0; i < STEP_COUNT; i++)
        if (slot->errors[i] == ENOMEM)
            return true;
    return false;
}

static void see_memory_and_files(struct worker *worker, pid_t pid, struct slot *slot)
{
    const struct walk *walk = worker->walk;
    struct kernel *kernel = walk->collection->kernel;
    slot->errors[STEP_MAPS] = slot->errors[STEP_FD] = 0;
    if (walk->vma_classes)
        note_error(slot, STEP_MAPS, kernel->ops->vmas(kernel, pid, walk->vma_classes, see_vma, worker));
    if (walk->fd_classes)
        note_error(slot, STEP_FD, kernel->ops->fds(kernel, pid, walk->fd_classes, see_fd, worker));
}

/*
 * Whether the process has descriptors, and so has not ended: the size of the folder is their number
 * (linux 6.2, proc_fd_getattr()). That is asked of every process that uses nothing, and costs less than its
 * state.
 */
static bool has_descriptors(struct kernel *kernel, pid_t pid)
{
    char path[PATH_ROOM];
    struct file_status status;
    snprintf(path, sizeof(path), "proc/%d/fd", pid);
    return kernel->ops->stat(kernel, path, &status) == 0 && status.size > 0;
}

/* What seems to use nothing may be looked at through the wrong thread. Returns the right one. */
static pid_t look_again(struct worker *worker, pid_t pid, struct slot *slot)
{
    struct kernel *kernel = worker->walk->collection->kernel;
    AUTO_STRBUF struct strbuf text = {0};
    struct glance glance;
    if (process_glance(kernel, pid, &glance) < 0 && has_descriptors(kernel, pid))
        return pid;
    int r = process_see(kernel, pid, &text, &glance);
    note_error(slot, STEP_STAT, r);
    if (r < 0 || glance.process.through == pid)
        return pid;
    see_memory_and_files(worker, glance.process.through, slot);
    return glance.process.through;
}

/* Copies an array that does not grow any more. */
#define KEEP_ARRAY(arena, array) \
    ((array)->items = (void *)arena_copy(arena, (array)->items, (array)->count * sizeof(*(array)->items)))

/* A copy in the worker's arena: the worker's own goes on to be filled. NULL when memory is out. */
static struct holder *keep_holder(struct worker *worker)
{
    struct arena *arena = &worker->arena;
    struct holder *copy = (void *)arena_copy(arena, &worker->holder, sizeof(worker->holder));
    bool kept = copy && KEEP_ARRAY(arena, &copy->vmas) && KEEP_ARRAY(arena, &copy->fds) &&
                KEEP_ARRAY(arena, &copy->waits);
    return kept ? copy : NULL;
}

/* Reads into the worker's holder, which is kept for the slot when there is something in it. */
static void read_process(struct worker *worker, pid_t pid, struct slot *slot)
{
    struct walk *walk = worker->walk;
    struct kernel *kernel = walk->collection->kernel;
    struct holder *holder = &worker->holder;
    holder->vmas.count = holder->fds.count = holder->waits.count = 0;
    see_memory_and_files(worker, pid, slot);
    pid_t through = holder->vmas.count || holder->fds.count ? pid : look_again(worker, pid, slot);
    if (walk->waits)
        note_error(slot, STEP_SYSCALL, see_threads(worker, kernel, pid, through));
    if (!holder->vmas.count && !holder->fds.count && !holder->waits.count)
        return;
    int r = process_describe(kernel, walk->collection->request->needs, &walk->collection->clock,
                             &worker->arena, pid, &holder->process);
    note_error(slot, STEP_STAT, r);
    if (r < 0)
        return;
    note_error(slot, STEP_DESCRIPTION, -holder->process.description_error);
    note_error(slot, STEP_NAMESPACE, -holder->process.namespace_error);
    holder->index = NO_PROCESS;
    slot->holder = keep_holder(worker);
    if (!slot->holder)
        slot->errors[STEP_STAT] = ENOMEM;
}

static void look_at_process(struct worker *worker, pid_t pid, struct slot *slot)
{
    struct walk *walk = worker->walk;
    read_process(worker, pid, slot);
    forget_errors_of_the_ended(walk->collection->kernel, pid, slot);
    if (slot_failed(slot))
        walk->failed = true;
}

static int list_processes(struct walk *walk)
{
    struct kernel *kernel = walk->collection->kernel;
    if (!walk->vma_classes && !walk->fd_classes && !walk->waits)
        return 0;
    int r = kernel->ops->pids(kernel, &walk->pids, &walk->pid_count);
    if (r < 0)
        return r;
    walk->slots = calloc(walk->pid_count + 1, sizeof(*walk->slots));
    return walk->slots ? 0 : -ENOMEM;
}

/* By whoever is first; the others wait. */
static bool has_processes(struct walk *walk)
{
    pthread_mutex_lock(&walk->listing);
    if (!walk->listed)
        walk->error = list_processes(walk);
    walk->listed = true;
    pthread_mutex_unlock(&walk->listing);
    return walk->error == 0;
}

static void *worker_run(void *argument)
{
    struct worker *worker = argument;
    struct walk *walk = worker->walk;
    if (!has_processes(walk))
        return NULL;
    for (size_t i; (i = atomic_fetch_add(&walk->next, 1)) < walk->pid_count && !walk->failed;)
        look_at_process(worker, walk->pids[i], &walk->slots[i]);
    return NULL;
}

static void worker_start(struct worker *worker)
{
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes))
        return;
    pthread_attr_setstacksize(&attributes, WORKER_STACK);
    worker->started = thread_start(&worker->thread, &attributes, worker_run, worker) == 0;
    pthread_attr_destroy(&attributes);
}

static void worker_end(struct worker *worker)
{
    array_free(&worker->holder.vmas);
    array_free(&worker->holder.fds);
    array_free(&worker->holder.waits);
    arena_free(&worker->arena);
}

static void report_gaps(struct collection *collection, const struct slot *slot)
{
    for (size_t i = 0; i < STEP_COUNT; i++)
        if (slot->errors[i] && slot->errors[i] != ENOMEM)
            collection_process_gap(collection, step_names[i], slot->errors[i]);
}

static void walk_kinds(struct walk *walk)
{
    if (walk->collection->request->unused)
        return;
    unsigned needs = walk->collection->request->needs;
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (walk->collection->kinds & UINT64_C(1) << i)
            needs |= kinds[i]->always;
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (!(walk->collection->kinds & UINT64_C(1) << i))
            continue;
        walk->vma_classes |= needs & NEED_USERS ? kinds[i]->vmas : 0;
        walk->fd_classes |= needs & NEED_USERS ? kinds[i]->fds : 0;
        walk->waits |= needs & NEED_WAITERS && kinds[i]->blocked_calls;
    }
    if (walk->collection->shm_elsewhere && walk->fd_classes & FD_SHM)
        walk->fd_classes |= FD_FILE | FD_QUEUE;
}

struct process_walk {
    struct walk walk;
    struct worker workers[WORKERS];
};

int source_process_start(struct collection *collection, struct process_walk **ret_started)
{
    struct process_walk *started = calloc(1, sizeof(*started));
    if (!started)
        return -ENOMEM;
    struct walk *walk = &started->walk;
    walk->collection = collection;
    pthread_mutex_init(&walk->listing, NULL);
    walk_kinds(walk);
    for (size_t i = 0; i < WORKERS; i++)
        started->workers[i].walk = walk;
    for (size_t i = 1; i < WORKERS && (walk->vma_classes || walk->fd_classes || walk->waits); i++)
        worker_start(&started->workers[i]);
    *ret_started = started;
    return 0;
}

static void claim_all(struct collection *collection, const struct walk *walk,
                      void (*claim)(struct collection *collection, struct holder *holder))
{
    for (size_t i = 0; i < walk->pid_count; i++) {
        report_gaps(collection, &walk->slots[i]);
        if (walk->slots[i].holder && claim)
            claim(collection, walk->slots[i].holder);
    }
}

int source_process_finish(struct collection *collection, struct process_walk *started,
                          void (*claim)(struct collection *collection, struct holder *holder))
{
    struct walk *walk = &started->walk;
    if (!claim)
        walk->failed = true;
    worker_run(&started->workers[0]);
    for (size_t i = 1; i < WORKERS; i++)
        if (started->workers[i].started)
            pthread_join(started->workers[i].thread, NULL);
    int r = walk->error < 0 ? walk->error : walk->failed ? -ENOMEM : 0;
    if (walk->slots)
        claim_all(collection, walk, r == 0 ? claim : NULL);
    for (size_t i = 0; i < WORKERS; i++)
        worker_end(&started->workers[i]);
    pthread_mutex_destroy(&walk->listing);
    free(walk->slots);
    free(walk->pids);
    free(started);
    return r;
}
