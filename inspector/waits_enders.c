/*
 * waits_enders.c - see waits_enders.h. The kernel knows the owner of a lock and who has a pipe, socket or
 * mapping; of semaphores and queues it only knows who worked on them last.
 */
#include "inspector/waits_enders.h"

#include "inspector/process_use.h"
#include "inspector/waits.h"
#include "probes/kind.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *operation;
    enum wait_want want;
} operations[] = {
    {"semtimedop",      WANT_TOKEN},
    {"semop",           WANT_TOKEN},
    {"msgsnd",          WANT_ROOM },
    {"msgrcv",          WANT_DATA },
    {"mq_timedsend",    WANT_ROOM },
    {"mq_timedreceive", WANT_DATA },
    {"read",            WANT_DATA },
    {"readv",           WANT_DATA },
    {"preadv2",         WANT_DATA },
    {"recvmmsg",        WANT_DATA },
    {"splice",          WANT_DATA },
    {"tee",             WANT_DATA },
    {"vmsplice",        WANT_DATA },
    {"recvfrom",        WANT_DATA },
    {"recvmsg",         WANT_DATA },
    {"poll",            WANT_DATA },
    {"ppoll",           WANT_DATA },
    {"select",          WANT_DATA },
    {"pselect6",        WANT_DATA },
    {"epoll_wait",      WANT_DATA },
    {"epoll_pwait",     WANT_DATA },
    {"epoll_pwait2",    WANT_DATA },
    {"write",           WANT_ROOM },
    {"writev",          WANT_ROOM },
    {"pwritev2",        WANT_ROOM },
    {"sendfile",        WANT_ROOM },
    {"sendmmsg",        WANT_ROOM },
    {"sendto",          WANT_ROOM },
    {"sendmsg",         WANT_ROOM },
    {"accept",          WANT_PEER },
    {"accept4",         WANT_PEER },
    {"connect",         WANT_PEER },
    {"open",            WANT_PEER },
    {"openat",          WANT_PEER },
    {"flock",           WANT_LOCK },
    {"fcntl",           WANT_LOCK },
    {"READ",            WANT_LOCK },
    {"WRITE",           WANT_LOCK },
};

static enum wait_want want_of_operation(const char *operation)
{
    for (size_t i = 0; operation && i < COUNT_OF(operations); i++)
        if (strcmp(operations[i].operation, operation) == 0)
            return operations[i].want;
    return WANT_WAKEUP;
}

/* Who polls says by the events asked for whether it means to read or to write, and so does a transfer. */
static enum wait_want want_of(const struct waiting *waiting)
{
    if (waiting->object->kind == &kind_posix_sem)
        return WANT_TOKEN;
    enum wait_want want = want_of_operation(waiting->edge->operation);
    return want == WANT_DATA && waiting->edge->access == EDGE_WRITE ? WANT_ROOM : want;
}

/* The edges of a wait's enders come one after another, so a process is added once. */
static int add_ender(struct waits *waits, struct waiting *waiting, uint32_t process)
{
    for (size_t i = 0; i < waiting->enders; i++)
        if (waits->enders.items[waiting->first_ender + i] == process)
            return 0;
    uint32_t *ender = array_push(&waits->enders);
    if (!ender)
        return -ENOMEM;
    *ender = process;
    waiting->enders++;
    return 0;
}

static void set_holder(struct waiting *waiting, pid_t pid, enum verdict state)
{
    waiting->holder = pid;
    waiting->holder_state = state;
}

/* Everybody who has the object in one of the roles (bits), with one of the accesses unless that is 0. */
static int add_users(struct waits *waits, struct waiting *waiting, const struct object *object,
                     unsigned roles, unsigned access)
{
    size_t count;
    const struct edge *edges = snapshot_edges(waits->snapshot, object, &count);
    for (size_t i = 0; i < count; i++) {
        if (!(roles & 1u << edges[i].role) || (access && !(edges[i].access & access)))
            continue;
        if (add_ender(waits, waiting, edges[i].process) < 0)
            return -ENOMEM;
    }
    return 0;
}

static bool waits_for(const struct waits *waits, uint32_t process, const struct object *object)
{
    size_t count;
    const struct edge *edges = snapshot_edges(waits->snapshot, object, &count);
    for (size_t i = 0; i < count; i++)
        if (edges[i].process == process && edges[i].role == EDGE_WAITING)
            return true;
    return false;
}

/* One process alone, other than those that wait too, is the probable holder. */
static void hold_by_only_ender(struct waits *waits, struct waiting *waiting)
{
    uint32_t only = 0;
    size_t others = 0;
    for (size_t i = 0; i < waiting->enders; i++) {
        uint32_t ender = waits->enders.items[waiting->first_ender + i];
        if (waits_for(waits, ender, waiting->object))
            continue;
        only = ender;
        others++;
    }
    if (others == 1)
        set_holder(waiting, waits->snapshot->processes[only].pid, VERDICT_ALIVE);
}

static enum wait_reach reach_of_users(const struct waits *waits, bool nameless)
{
    if (!nameless)
        return REACH_OPEN;
    return snapshot_saw_everybody(waits->snapshot) ? REACH_CLOSED : REACH_GAPS;
}

static bool is_deleted(const struct object *object)
{
    return object_says(object, FIELD_STATE, "deleted");
}

/*
 * The kernel ends the wait when the last who had the other end is gone (end of file, EPIPE). When there is
 * nobody all the same, the descriptor is somewhere else: in a message on its way (SCM_RIGHTS in unix(7)).
 */
static enum wait_reach reach_of_ends(const struct waits *waits, const struct waiting *waiting, bool nameless)
{
    bool opening = waiting->want == WANT_PEER;
    return waiting->enders || opening ? reach_of_users(waits, nameless) : REACH_OPEN;
}

/* Pipes, FIFOs and POSIX queues: the other side is who has it open the other way. */
static int find_other_side(struct waits *waits, struct waiting *waiting)
{
    bool reads =
        waiting->want == WANT_DATA || (waiting->want == WANT_PEER && waiting->edge->access & EDGE_READ);
    bool nameless = waiting->object->kind == &kind_pipe || is_deleted(waiting->object);
    int r = add_users(waits, waiting, waiting->object, 1u << EDGE_OPEN, reads ? EDGE_WRITE : EDGE_READ);
    waiting->reach = reach_of_ends(waits, waiting, nameless);
    hold_by_only_ender(waits, waiting);
    return r;
}

/* Who has the socket at the other end. That of a listening or unconnected one may be anybody. */
static int find_peer(struct waits *waits, struct waiting *waiting)
{
    char label[64];
    struct value name = waiting->object->fields[FIELD_PEER];
    if (name.type != VALUE_STRING || waiting->want == WANT_PEER)
        return 0;
    snprintf(label, sizeof(label), "%.*s", (int)name.length, name.string);
    const struct object *peer = snapshot_find(waits->snapshot, label);
    if (!peer)
        return 0;
    int r = add_users(waits, waiting, peer, 1u << EDGE_OPEN, 0);
    waiting->reach = reach_of_ends(waits, waiting, true);
    hold_by_only_ender(waits, waiting);
    return r;
}

/* An eventfd may be raised by the kernel too (io_uring, KVM), and a named semaphore be opened by anybody. */
static int find_openers(struct waits *waits, struct waiting *waiting)
{
    bool nameless = waiting->object->kind == &kind_posix_sem && is_deleted(waiting->object);
    int r = add_users(waits, waiting, waiting->object, 1u << EDGE_OPEN | 1u << EDGE_MAPPED, 0);
    waiting->reach = reach_of_users(waits, nameless);
    hold_by_only_ender(waits, waiting);
    return r;
}

/* The pid that the kernel remembers for the last operation. One that waits for itself held nothing up. */
static int presume(struct waits *waits, struct waiting *waiting, pid_t pid, enum verdict state)
{
    if (!pid || pid == waiting->process->pid)
        return 0;
    const struct process *process = state == VERDICT_ALIVE ? process_find(waits->snapshot, pid) : NULL;
    set_holder(waiting, pid, state);
    waiting->reach = REACH_PRESUMED;
    return process ? add_ender(waits, waiting, (uint32_t)(process - waits->snapshot->processes)) : 0;
}

static int find_queue_user(struct waits *waits, struct waiting *waiting)
{
    enum field field = waiting->want == WANT_ROOM ? FIELD_LRPID : FIELD_LSPID;
    struct value pid = waiting->object->fields[field];
    if (pid.type != VALUE_PID)
        return 0;
    return presume(waits, waiting, (pid_t)pid.number,
                   snapshot_verdict(waits->snapshot, waiting->object, field));
}

/*
 * Who took the semaphore below what is waited for. SETVAL remembers a pid too, but it sets the set's ctime
 * and not its otime (semctl(2)): then nobody took anything since.
 */
static int find_semaphore_user(struct waits *waits, struct waiting *waiting)
{
    const struct object *object = waiting->object;
    struct value operated = object->fields[FIELD_OTIME], changed = object->fields[FIELD_CTIME];
    int32_t unit = waiting->edge->unit;
    bool known = object->semaphores && unit >= 0 && (uint64_t)unit < object->fields[FIELD_NSEMS].number;
    bool taken = operated.type == VALUE_TIME && operated.number && operated.number >= changed.number;
    if (!known || !taken || waiting->edge->amount >= 0)
        return 0;
    return presume(waits, waiting, object->semaphores[unit].pid,
                   snapshot_semaphore_verdict(waits->snapshot, object, (size_t)unit));
}

/* "futex:posix-shm:/ring+0x40" is in posix-shm:/ring. */
static const struct object *memory_of(const struct waits *waits, const struct object *futex)
{
    char label[4096];
    const char *start = futex->label + strlen("futex:"), *end = strrchr(start, '+');
    if (!end || (size_t)(end - start) >= sizeof(label))
        return NULL;
    snprintf(label, sizeof(label), "%.*s", (int)(end - start), start);
    return snapshot_find(waits->snapshot, label);
}

/*
 * The pid namespace of all who map the memory, or 0: thread ids in it are of whoever wrote them, and mean
 * something when all count alike.
 */
static uint64_t namespace_of_users(const struct waits *waits, const struct object *memory)
{
    size_t count;
    const struct edge *edges = snapshot_edges(waits->snapshot, memory, &count);
    uint64_t common = count ? waits->snapshot->processes[edges[0].process].pid_namespace : 0;
    for (size_t i = 1; i < count; i++)
        if (waits->snapshot->processes[edges[i].process].pid_namespace != common)
            return 0;
    return common;
}

static const struct edge *owner_edge(const struct waits *waits, const struct object *object)
{
    size_t count;
    const struct edge *edges = snapshot_edges(waits->snapshot, object, &count);
    for (size_t i = 0; i < count; i++)
        if (edges[i].role == EDGE_HOLDING)
            return &edges[i];
    return NULL;
}

/*
 * No thread of that number maps the memory. One that is there is another thread; in a pid namespace that is
 * not ours, all threads that could be meant were looked at (kind_futex.c).
 */
static enum verdict verdict_on_lost_owner(const struct waits *waits, const struct object *futex)
{
    bool ours = futex->fields[FIELD_HOLDER].type == VALUE_PID;
    enum verdict verdict = snapshot_verdict(waits->snapshot, futex, FIELD_HOLDER);
    if (ours && verdict != VERDICT_ALIVE)
        return verdict;
    if (!snapshot_saw_everybody(waits->snapshot))
        return VERDICT_UNKNOWN;
    return ours ? VERDICT_REUSED : VERDICT_DEAD;
}

/* Only its owner unlocks a mutex, and only its writer what a writer has. */
static int find_lock_owner(struct waits *waits, struct waiting *waiting, const struct object *memory)
{
    pid_t tid = (pid_t)waiting->object->fields[FIELD_HOLDER].number;
    const struct edge *owner = owner_edge(waits, waiting->object);
    bool alike = namespace_of_users(waits, memory) != 0;
    waiting->want = WANT_LOCK;
    waiting->holder_tid = tid;
    if (!owner) {
        set_holder(waiting, tid, alike ? verdict_on_lost_owner(waits, waiting->object) : VERDICT_UNKNOWN);
        waiting->reach = waiting->holder_state == VERDICT_DEAD ? REACH_CLOSED : REACH_OPEN;
        return 0;
    }
    set_holder(waiting, waits->snapshot->processes[owner->process].pid, VERDICT_ALIVE);
    waiting->reach = alike ? REACH_CLOSED : REACH_OPEN;
    return add_ender(waits, waiting, owner->process);
}

/* A word in memory that has no name any more can be reached by those who map it or have it open. */
static int find_memory_users(struct waits *waits, struct waiting *waiting)
{
    const struct object *memory = memory_of(waits, waiting->object);
    if (!memory)
        return 0;
    if (value_known(waiting->object->fields[FIELD_HOLDER]))
        return find_lock_owner(waits, waiting, memory);
    bool nameless = memory->kind == &kind_anon_shm || memory->kind == &kind_memfd || is_deleted(memory);
    int r = add_users(waits, waiting, memory, 1u << EDGE_OPEN | 1u << EDGE_MAPPED, 0);
    waiting->reach = reach_of_users(waits, nameless);
    hold_by_only_ender(waits, waiting);
    return r;
}

/* All holders must let go; the holder of an OFD lock may not be told. */
static int find_lock_holders(struct waits *waits, struct waiting *waiting)
{
    size_t count;
    const struct edge *edges = snapshot_edges(waits->snapshot, waiting->object, &count);
    int r = add_users(waits, waiting, waiting->object, 1u << EDGE_HOLDING, 0);
    waiting->reach = waiting->enders ? reach_of_users(waits, true) : REACH_OPEN;
    for (size_t i = 0; i < count; i++)
        if (edges[i].role == EDGE_HOLDING && !waiting->holder)
            set_holder(waiting, waits->snapshot->processes[edges[i].process].pid, VERDICT_ALIVE);
    return r;
}

static const struct {
    const struct kind *kind;
    int (*find)(struct waits *waits, struct waiting *waiting);
} finders[] = {
    {&kind_sysv_sem,  find_semaphore_user},
    {&kind_sysv_msg,  find_queue_user    },
    {&kind_posix_sem, find_openers       },
    {&kind_posix_mq,  find_other_side    },
    {&kind_pipe,      find_other_side    },
    {&kind_fifo,      find_other_side    },
    {&kind_unix,      find_peer          },
    {&kind_eventfd,   find_openers       },
    {&kind_futex,     find_memory_users  },
    {&kind_lock,      find_lock_holders  },
};

int waits_find_enders(struct waits *waits, struct waiting *waiting)
{
    waiting->want = want_of(waiting);
    waiting->first_ender = waits->enders.count;
    for (size_t i = 0; i < COUNT_OF(finders); i++)
        if (finders[i].kind == waiting->object->kind)
            return finders[i].find(waits, waiting);
    return 0;
}
