/* facts.c - finds out about a call what the rules ask for. Slow things are done only when asked. */
#include "inject/shim/shim.h"

#include "inject/argument_state.h"
#include "inject/fd_kind.h"
#include "inject/mapping.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <mqueue.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* In pthread_mutex_t.__data.__kind, an ABI since glibc 2.4. */
enum { MUTEX_TYPE = 3, MUTEX_ROBUST = 16, MUTEX_INHERIT = 32, MUTEX_PROTECT = 64, MUTEX_SHARED = 128 };

enum { PAGE = 4096 };

/* process_vm_readv on ourselves: a bad address is the kernel's to answer (EFAULT), not ours to fall over. */
bool shim_copy_string(char *buffer, size_t size, uint64_t address)
{
    size_t done = 0;
    while (done < size - 1) {
        size_t length = PAGE - (address + done) % PAGE;
        if (length > size - 1 - done)
            length = size - 1 - done;
        struct iovec local = {buffer + done, length};
        struct iovec remote = {(void *)(uintptr_t)(address + done), length};
        if (shim_raw(SYS_process_vm_readv, getpid(), &local, 1, &remote, 1, 0) != (long)length)
            return false;
        if (memchr(buffer + done, '\0', length))
            return true;
        done += length;
    }
    buffer[done] = '\0';
    return true;
}

/* Digits by hand: snprintf is not async-signal-safe. */
static void fd_link_path(char path[32], int fd)
{
    static const char directory[] = "/proc/self/fd/";
    char digits[12];
    unsigned count = 0;
    for (unsigned rest = (unsigned)fd; count == 0 || rest; rest /= 10)
        digits[count++] = (char)('0' + rest % 10);
    memcpy(path, directory, sizeof(directory) - 1);
    char *end = path + sizeof(directory) - 1;
    while (count)
        *end++ = digits[--count];
    *end = '\0';
}

static void fd_facts(struct shim_call *call, int fd, uint32_t needs)
{
    char path[32];
    char link[PLAN_EVENT_NAME_MAX + sizeof("/dev/shm/sem.")];
    if (fd < 0)
        return;
    fd_link_path(path, fd);
    ssize_t length = readlink(path, link, sizeof(link) - 1);
    if (length < 0)
        return;
    link[length] = '\0';
    uint32_t kind = fd_kind_of_link(link);
    struct stat status;
    struct statfs system;
    if (kind == FD_OTHER && fstat(fd, &status) == 0) {
        if (S_ISFIFO(status.st_mode))
            kind = FD_FIFO;
        else if (S_ISREG(status.st_mode) && fstatfs(fd, &system) == 0 && system.f_type == FD_MQUEUE_MAGIC)
            kind = FD_MQ;
    }
    call->facts.fd_kind = kind;
    if (!(needs & NEED_NAME) || call->facts.name)
        return;
    const char *name = fd_object_name(link);
    memccpy(call->strings.name, name, '\0', sizeof(call->strings.name) - 1);
    call->strings.name[sizeof(call->strings.name) - 1] = '\0';
    call->facts.name = call->strings.name;
}

static void path_facts(struct shim_call *call, int index)
{
    char path[PLAN_EVENT_NAME_MAX + sizeof("/dev/shm/sem.")];
    if (!shim_copy_string(path, sizeof(path), call->facts.arguments[index]))
        return;
    struct stat status;
    call->facts.fd_kind = fd_kind_of_link(path);
    if (call->facts.fd_kind == FD_OTHER && call_ipc_only(call->facts.call, NULL)) {
        int directory = call_param(&calls[call->facts.call], ROLE_DIR_FD);
        int at = directory < 0 ? AT_FDCWD : (int)call->facts.arguments[directory];
        if (fstatat(at, path, &status, 0) == 0 && S_ISFIFO(status.st_mode))
            call->facts.fd_kind = FD_FIFO;
    }
    /* An object opened by syscall(2) has its path here, not the name libc takes. */
    bool object = call_param(&calls[call->facts.call], ROLE_NAME) >= 0;
    memccpy(call->strings.name, object ? fd_object_name(path) : path, '\0', sizeof(call->strings.name) - 1);
    call->strings.name[sizeof(call->strings.name) - 1] = '\0';
    call->facts.name = call->strings.name;
}

static uint32_t pointed_state(const struct facts *facts, int index, uint32_t wanted)
{
    const struct call *call = &calls[facts->call];
    union argument_memory memory;
    size_t size = argument_size(call, facts->arguments, index, wanted);
    struct iovec local = {&memory, size};
    struct iovec remote = {(void *)(uintptr_t)facts->arguments[index], size};
    if (!size || shim_raw(SYS_process_vm_readv, getpid(), &local, 1, &remote, 1, 0) != (long)size)
        return 0;
    uint32_t state = argument_pointed_state(call->params[index].role, &memory, size);
    struct semid_ds set;
    if ((wanted & STATE_BEYOND) && call->params[index].role == ROLE_SEMOPS &&
        shim_raw(SYS_semctl, (int)facts->arguments[0], 0, IPC_STAT, &set) == 0)
        state |= argument_set_state(&memory, size, set.sem_nsems);
    return state;
}

static uint32_t mutex_state(const pthread_mutex_t *mutex)
{
    int kind = mutex->__data.__kind;
    if (!(kind & MUTEX_SHARED))
        return 0;
    uint32_t state = STATE_SHARED;
    if (kind & MUTEX_ROBUST)
        state |= STATE_ROBUST | STATE_ERRORCHECK;
    if ((kind & MUTEX_TYPE) == PTHREAD_MUTEX_RECURSIVE)
        state |= STATE_RECURSIVE;
    if ((kind & MUTEX_TYPE) == PTHREAD_MUTEX_ERRORCHECK)
        state |= STATE_ERRORCHECK | STATE_DETECTING;
    if (kind & MUTEX_INHERIT)
        state |= STATE_DETECTING;
    if (kind & MUTEX_PROTECT)
        state |= STATE_CEILING;
    return state;
}

static uint32_t fd_state(const struct facts *facts, int fd, uint32_t wanted)
{
    uint32_t state = 0;
    struct stat status;
    long flags = wanted & FD_FLAG_STATES ? shim_raw(SYS_fcntl, fd, F_GETFL, 0) : -1;
    if (flags >= 0)
        state |= argument_fd_state((int)flags);
    int seals = wanted & STATE_SEALED ? (int)shim_raw(SYS_fcntl, fd, F_GET_SEALS, 0) : -1;
    if (seals > 0 && fstat(fd, &status) == 0)
        state |= argument_seal_state(facts->call, facts->arguments, seals, status.st_size);
    return state;
}

static uint32_t size_state(const struct facts *facts, uint64_t size, uint32_t wanted)
{
    uint32_t state = 0;
    struct rlimit limit;
    struct mq_attr attr;
    if ((wanted & STATE_ABOVE_FSIZE) && getrlimit(RLIMIT_FSIZE, &limit) == 0 && size > limit.rlim_cur)
        state |= STATE_ABOVE_FSIZE;
    if ((wanted & STATE_TOO_LONG) &&
        shim_raw(SYS_mq_getsetattr, (int)facts->arguments[0], NULL, &attr) == 0 &&
        size > (uint64_t)attr.mq_msgsize)
        state |= STATE_TOO_LONG;
    return state;
}

/* A child can be signalled until it has been waited for, and the caller always: they are never gone. */
static uint32_t process_state(const struct facts *facts, pid_t pid)
{
    enum { LOOK = WEXITED | WSTOPPED | WCONTINUED | WNOHANG | WNOWAIT | __WALL };
    siginfo_t info;
    bool group = facts->call == CALL_killpg || pid < -1;
    pid_t number = pid < 0 ? -pid : pid;
    if (number == 0 || number == (group ? getpgrp() : getpid()) || (!group && number == gettid()))
        return 0;
    return shim_raw(SYS_waitid, group ? P_PGID : P_PID, number, &info, LOOK, NULL) < 0 ? STATE_STRANGER : 0;
}

/* The value is the first word of a sem_t: struct new_sem in glibc's internaltypes.h, little-endian. */
static uint32_t semaphore_state(const uint32_t *semaphore)
{
    return semaphore && __atomic_load_n(semaphore, __ATOMIC_RELAXED) == SEM_VALUE_MAX ? STATE_FULL : 0;
}

static uint32_t mutex_attr_state(const pthread_mutexattr_t *attr)
{
    int shared;
    return attr && pthread_mutexattr_getpshared(attr, &shared) == 0 && shared ? STATE_SHARED : 0;
}

static uint32_t barrier_attr_state(const pthread_barrierattr_t *attr)
{
    int shared;
    return attr && pthread_barrierattr_getpshared(attr, &shared) == 0 && shared ? STATE_SHARED : 0;
}

static uint32_t state_of(const struct facts *facts, uint32_t wanted)
{
    const struct call *call = &calls[facts->call];
    uint32_t state = 0;
    for (int index = 0; index < call->param_count; index++) {
        uint64_t value = facts->arguments[index];
        void *pointer = (void *)(uintptr_t)value;
        state |= argument_state(call->params[index].role, value) | pointed_state(facts, index, wanted);
        switch (call->params[index].role) {
        case ROLE_FD: state |= fd_state(facts, (int)value, wanted); break;
        case ROLE_SIZE: state |= size_state(facts, value, wanted); break;
        case ROLE_ADDRESS:
            state |= wanted & MAPPING_STATES ? mapping_state(shim_raw, "/proc/self", value) : 0;
            break;
        case ROLE_PID: state |= wanted & STATE_STRANGER ? process_state(facts, (pid_t)value) : 0; break;
        case ROLE_SEM: state |= wanted & STATE_FULL ? semaphore_state(pointer) : 0; break;
        case ROLE_MUTEX_ATTR: state |= mutex_attr_state(pointer); break;
        case ROLE_BARRIER_ATTR: state |= barrier_attr_state(pointer); break;
        case ROLE_MUTEX: state |= pointer ? mutex_state(pointer) : 0; break;
        case ROLE_RWLOCK:
            state |= pointer && ((pthread_rwlock_t *)pointer)->__data.__shared ? STATE_SHARED : 0;
            break;
        default: break;
        }
    }
    return state;
}

/* _dl_find_object is the one lookup of an address that a signal handler may do (glibc 2.35). */
static void caller_facts(struct shim_call *call)
{
    struct dl_find_object object;
    call->facts.caller_offset = (uintptr_t)call->caller;
    if (_dl_find_object((void *)(uintptr_t)call->caller, &object) != 0)
        return;
    /* The program itself has an empty name in the loader's list. */
    const char *path = object.dlfo_link_map->l_name;
    call->strings.module = path && *path ? path : shim_program_path;
    const char *slash = path ? strrchr(path, '/') : NULL;
    call->facts.caller = path && *path ? (slash ? slash + 1 : path) : program_invocation_short_name;
    call->facts.caller_offset -= object.dlfo_link_map->l_addr;
}

void shim_facts(struct shim_call *call, struct needs needed)
{
    const uint32_t needs = needed.facts;
    struct facts *facts = &call->facts;
    const struct call *row = &calls[facts->call];
    int saved = errno;
    int name = call_name_param(row);
    int fd = call_param(row, ROLE_FD);
    if (name >= 0 && (needs & (NEED_NAME | NEED_FD_KIND)))
        path_facts(call, name);
    else if (fd >= 0 && (needs & (NEED_NAME | NEED_FD_KIND)))
        fd_facts(call, (int)facts->arguments[fd], needs);
    int semaphore = call_param(row, ROLE_SEM);
    if (semaphore >= 0 && (needs & NEED_NAME))
        facts->name = shim_sem_name(facts->arguments[semaphore]);
    if (needed.states)
        facts->state = state_of(facts, needed.states);
    if (needs & NEED_CALLER)
        caller_facts(call);
    if (needs & NEED_STACK)
        shim_stack(call);
    if (needs & NEED_THREAD) {
        facts->main_thread = getpid() == gettid();
        if (prctl(PR_GET_NAME, call->strings.thread) == 0)
            facts->thread = call->strings.thread;
    }
    errno = saved;
}
