/*
 * kind_futex.c - addresses in shared memory that some thread waits on. What the word means only the program
 * knows; process-shared pthread mutexes (glibc's struct __pthread_mutex_s) and read-write locks that a writer
 * has are recognised by their own fields, and then the owner is told.
 */
#include "common/cleanup.h"
#include "common/scan.h"
#include "common/strbuf.h"
#include "probes/collection.h"
#include "probes/glibc_rwlock.h"
#include "probes/parse.h"

#include <stddef.h>
#include <stdio.h>

/* The first words of a glibc mutex on 64-bit machines. */
struct mutex_words {
    uint32_t lock;
    uint32_t count;
    uint32_t owner;
    uint32_t users;
    uint32_t kind;
};

enum {
    MUTEX_PROCESS_SHARED = 128,
    MUTEX_TYPE = 3,
    MUTEX_RECURSIVE = 1,
    MUTEX_ROBUST = 16,
    MUTEX_INHERIT = 32,
    MUTEX_PROTECT = 64,
    MUTEX_KNOWN_KINDS =
        MUTEX_TYPE | MUTEX_ROBUST | MUTEX_INHERIT | MUTEX_PROTECT | MUTEX_PROCESS_SHARED | 256 | 512,
    FUTEX_TID = 0x3fffffff,
    FUTEX_DIED = 0x40000000, /* the kernel sets it when the owner dies: of a robust mutex, or one it gives to
                                another */
    OWNER_INCONSISTENT = 0x7fffffff, /* instead of a thread, until what a dead owner left is repaired */
};

/*
 * What glibc keeps in such a mutex, so that other words are not taken for one. A thread id is in the lock
 * word of robust and priority-inheriting ones, a ceiling in that of priority-protected ones; in that of
 * others there is 1 or 2, and of these only recursive ones count. Who waits for a condition stays one of the
 * users.
 */
static bool is_mutex(const struct mutex_words *words)
{
    bool has_tid = words->kind & (MUTEX_ROBUST | MUTEX_INHERIT);
    bool plain = !has_tid && !(words->kind & MUTEX_PROTECT);
    uint32_t tid = words->lock & FUTEX_TID;
    if (!(words->kind & MUTEX_PROCESS_SHARED) || words->kind & ~(uint32_t)MUTEX_KNOWN_KINDS || !words->lock)
        return false;
    bool differs =
        tid && tid != words->owner && words->owner != OWNER_INCONSISTENT && !(words->lock & FUTEX_DIED);
    if (words->owner && (!words->users || (has_tid && differs)))
        return false;
    bool counts = (words->kind & MUTEX_TYPE) == MUTEX_RECURSIVE;
    return !plain || (words->lock <= 2 && (counts || !words->count));
}

static bool is_mapping(const struct edge *edge, uint32_t memory)
{
    return edge->object == memory && edge->role == EDGE_MAPPED;
}

/* Whether a process maps the memory that a futex is in. */
static bool maps_memory(const struct collection *collection, pid_t pid, uint32_t memory)
{
    uint32_t process;
    if (!hash_get(&collection->by_pid, 0, (uint64_t)pid, &process))
        return false;
    array_each(&collection->edges,
               edge) if (edge->process == process && is_mapping(edge, memory)) return true;
    return false;
}

/* Whether all who map the memory count threads as we do. */
static bool tids_are_ours(const struct collection *collection, uint32_t memory)
{
    uint64_t ours = collection->snapshot->pid_namespace;
    array_each(&collection->edges, edge)
    {
        if (is_mapping(edge, memory) && collection->processes.items[edge->process].pid_namespace != ours)
            return false;
    }
    return true;
}

/* What a thread is called in its own pid namespace: the last number of "NSpid:\t4711\t12"; 0: not known. */
static pid_t inner_tid(struct collection *collection, pid_t pid, pid_t tid)
{
    AUTO_STRBUF struct strbuf text = {0};
    struct scan line;
    uint64_t number = 0;
    int r = kernel_read_thread(collection->kernel, pid, tid, "status", &text);
    if (r < 0)
        collection_process_error(collection, "status", r);
    struct scan scan = scan_bytes(strbuf_text(&text), text.length);
    while (scan_line(&scan, &line)) {
        if (!scan_literal(&line, "NSpid:"))
            continue;
        do
            scan_blanks(&line);
        while (scan_decimal(&line, &number));
        break;
    }
    return number <= INT32_MAX ? (pid_t)number : 0;
}

/* The thread of a process that its own pid namespace calls so, or 0. */
static pid_t find_thread(struct collection *collection, pid_t pid, pid_t inner)
{
    AUTO_FREE pid_t *tids = NULL;
    size_t count = 0;
    if (!collection_got(collection, collection->kernel->ops->tids(collection->kernel, pid, &tids, &count)))
        return 0;
    for (size_t i = 0; i < count; i++)
        if (inner_tid(collection, pid, tids[i]) == inner)
            return tids[i];
    return 0;
}

static void tie(struct collection *collection, const struct object *object, pid_t pid, pid_t tid)
{
    struct edge *edge = collection_tie_pid(collection, pid, object, EDGE_HOLDING);
    if (!edge)
        return;
    edge->tid = tid;
    edge->operation = object->fields[FIELD_TYPE].string;
}

/*
 * The thread is tied by its process; /proc/TID exists for every thread, though no listing shows it. A thread
 * id that is not one of ours, or that another has now, leads to a process without that memory.
 */
static void tie_our_owner(struct collection *collection, const struct object *object, pid_t tid)
{
    char path[64];
    AUTO_STRBUF struct strbuf text = {0};
    uint64_t pid;
    snprintf(path, sizeof(path), "proc/%d/status", tid);
    int r = collection->kernel->ops->read(collection->kernel, path, &text);
    if (r < 0)
        collection_process_error(collection, "status", r);
    if (r < 0 || !parse_number_after(strbuf_text(&text), "Tgid", 10, &pid) || pid > INT32_MAX ||
        !maps_memory(collection, (pid_t)pid, (uint32_t)object->identity.space))
        return;
    tie(collection, object, (pid_t)pid, tid);
}

/*
 * The owner wrote what its own pid namespace calls it: it is looked for among the threads of all who map the
 * memory. When there is no such thread, or one in each of several namespaces, the number is nobody's pid
 * here.
 */
static void tie_foreign_owner(struct collection *collection, struct object *object, pid_t inner)
{
    uint32_t memory = (uint32_t)object->identity.space;
    pid_t pid = 0, tid = 0;
    size_t found = 0;
    for (size_t i = 0; i < collection->edges.count; i++) {
        const struct edge *edge = &collection->edges.items[i];
        if (!is_mapping(edge, memory) || collection->processes.items[edge->process].pid == pid)
            continue;
        pid_t candidate = collection->processes.items[edge->process].pid;
        pid_t thread = find_thread(collection, candidate, inner);
        if (!thread)
            continue;
        found++;
        pid = candidate;
        tid = thread;
    }
    object->fields[FIELD_HOLDER] =
        value_of(found == 1 ? VALUE_PID : VALUE_NUMBER, (uint64_t)(found == 1 ? tid : inner));
    if (found == 1)
        tie(collection, object, pid, tid);
}

/* Only now all mappings are known. */
static int tie_owners(struct collection *collection)
{
    for (size_t i = 0; i < collection->objects.count; i++) {
        struct object *object = collection->objects.items[i];
        if (object->kind != &kind_futex || object->fields[FIELD_HOLDER].type != VALUE_PID)
            continue;
        pid_t tid = (pid_t)object->fields[FIELD_HOLDER].number;
        if (tids_are_ours(collection, (uint32_t)object->identity.space))
            tie_our_owner(collection, object, tid);
        else
            tie_foreign_owner(collection, object, tid);
    }
    return 0;
}

/*
 * Whoever locks a robust mutex whose owner died gets EOWNERDEAD; until then nobody holds it. One that
 * inherits priority is handed over by the kernel, which writes the new owner into the lock word before that
 * one runs.
 */
static void set_owner(struct object *object, const struct mutex_words *words)
{
    bool robust = words->kind & MUTEX_ROBUST;
    pid_t owner =
        (pid_t)(words->kind & (MUTEX_ROBUST | MUTEX_INHERIT) ? words->lock & FUTEX_TID : words->owner);
    if (owner > 0)
        object_set(object, FIELD_HOLDER, (uint64_t)owner);
    else if (robust && words->lock & FUTEX_DIED)
        object_set_word(object, FIELD_STATE, "abandoned");
}

/* The word is one of the two in a lock that threads wait on. */
static bool read_rwlock(struct collection *collection, const struct holder *holder, uint64_t address,
                        struct glibc_rwlock *ret_lock)
{
    struct kernel *kernel = collection->kernel;
    static const size_t places[] = {offsetof(struct glibc_rwlock, phase_futex),
                                    offsetof(struct glibc_rwlock, writers_futex)};
    struct glibc_rwlock lock;
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        int r =
            kernel->ops->memory(kernel, holder->process.through, address - places[i], &lock, sizeof(lock));
        if (r < 0 && r != -EFAULT)
            collection_process_error(collection, "memory", r);
        if (r == 0 && glibc_rwlock_has_writer(&lock)) {
            *ret_lock = lock;
            return true;
        }
    }
    return false;
}

static void read_word(struct collection *collection, struct object *object, const struct holder *holder,
                      uint64_t address)
{
    struct mutex_words words;
    const struct kernel_ops *ops = collection->kernel->ops;
    object_set_word(object, FIELD_TYPE, "word");
    if (!collection_got(collection, ops->memory(collection->kernel, holder->process.through, address,
                                                &words.lock, sizeof(words.lock)))) {
        object_deny(object, FIELD_VALUE);
        return;
    }
    object_set(object, FIELD_VALUE, words.lock);
    struct glibc_rwlock lock;
    if (read_rwlock(collection, holder, address, &lock)) {
        object_set_word(object, FIELD_TYPE, "rwlock");
        object_set(object, FIELD_HOLDER, (uint64_t)lock.writer);
        return;
    }
    int r = ops->memory(collection->kernel, holder->process.through, address, &words, sizeof(words));
    if (r < 0 && r != -EFAULT)
        collection_process_error(collection, "memory", r);
    if (r < 0 || !is_mutex(&words))
        return;
    object_set_word(object, FIELD_TYPE, "mutex");
    set_owner(object, &words);
}

static struct object *claim_wait(struct collection *collection, const struct holder *holder,
                                 const struct wait *wait, struct edge *edge)
{
    (void)edge;
    const struct vma *vma = wait->call->target == WAIT_FUTEX ? holder_vma(holder, wait->arguments[0]) : NULL;
    const struct object *memory = vma ? collection_claim_vma(collection, holder, vma) : NULL;
    if (!memory)
        return NULL;
    uint64_t offset = wait->arguments[0] - vma->start + vma->offset;
    struct identity identity = {.space = (uint64_t)SPACE_FUTEX << 56 | memory->index, .number = offset};
    struct object *object = collection_find(collection, identity.space, identity.number);
    if (object)
        return object;
    object = collection_add(collection, &kind_futex, identity, "%s+0x%llx", memory->label,
                            (unsigned long long)offset);
    if (object)
        read_word(collection, object, holder, wait->arguments[0]);
    return object;
}

const struct kind kind_futex = {
    .name = "futex",
    .summary = "addresses in shared memory that threads wait on",
    .noisy = true,
    .blocked_calls = true,
    .always = NEED_USERS | NEED_WAITERS,
    .vmas = VMA_SYSV | VMA_ZERO | VMA_MEMFD | VMA_FILE,
    .depends = KIND_BIT(sysv_shm) | KIND_BIT(posix_shm) | KIND_BIT(posix_sem) | KIND_BIT(memfd) |
               KIND_BIT(anon_shm) | KIND_BIT(file_shm),
    .claim_wait = claim_wait,
    .finish = tie_owners,
};
