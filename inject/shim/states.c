/*
 * states.c - finds out what guards ask about a call: what stands behind its arguments, and who the caller is.
 * Each is looked up only when a rule wants it.
 */
#include "inject/shim/shim.h"

#include "inject/argument_state.h"
#include "inject/mapping.h"
#include "inject/ownership.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <mqueue.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* In pthread_mutex_t.__data.__kind, an ABI since glibc 2.4. */
enum { MUTEX_TYPE = 3, MUTEX_ROBUST = 16, MUTEX_INHERIT = 32, MUTEX_PROTECT = 64, MUTEX_SHARED = 128 };

/* The kernel's signals; libc hides its own two, for cancelling threads and setting users. */
enum { SIGNAL_COUNT = 64, SIGNALS_SIZE = SIGNAL_COUNT / 8, FIRST_OF_LIBC = 32, LAST_OF_LIBC = 33 };

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
    if ((wanted & MESSAGE_STATES) && shim_raw(SYS_mq_getsetattr, (int)facts->arguments[0], NULL, &attr) == 0)
        state |= argument_message_state(size, (uint64_t)attr.mq_msgsize);
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

/* Who may signal everybody is never refused (kill_ok_by_cred() in kernel/signal.c). */
static bool may_kill(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
    return shim_raw(SYS_capget, &header, sets) == 0 && (sets[0].effective >> CAP_KILL & 1);
}

/* The process counts, not the thread that tgkill(2) takes too. */
static uint32_t foreign_process_state(const struct facts *facts)
{
    pid_t pid = (pid_t)facts->arguments[call_param(&calls[facts->call], ROLE_PID)];
    return process_state(facts, pid) && !may_kill() ? STATE_FOREIGN : 0;
}

static uint32_t foreign_state(const struct facts *facts)
{
    const struct call *call = &calls[facts->call];
    char name[OWNERSHIP_PATH_SIZE];
    char path[OWNERSHIP_PATH_SIZE];
    if (call_param(call, ROLE_PID) >= 0)
        return foreign_process_state(facts);
    if (call_param(call, ROLE_ID) >= 0)
        return ownership_of_id(shim_raw, facts, geteuid());
    if (!shim_copy_string(name, sizeof(name), facts->arguments[call_name_param(call)]) ||
        !ownership_path(facts->call, "", name, path))
        return STATE_FOREIGN;
    return ownership_of_file(path, geteuid());
}

/* Asked of the kernel, for libc hides the signals it has for itself. */
static uint32_t handler_state(void)
{
    struct { /* struct sigaction of the kernel, as far as it matters */
        void (*handler)(int);
        unsigned long rest[SIGNAL_COUNT / 8];
    } action;
    for (int signal = 1; signal <= SIGNAL_COUNT; signal++) {
        if (signal == FIRST_OF_LIBC || signal == LAST_OF_LIBC)
            continue;
        if (shim_raw(SYS_rt_sigaction, signal, NULL, &action, SIGNALS_SIZE) == 0 &&
            action.handler != SIG_DFL && action.handler != SIG_IGN)
            return STATE_HANDLER;
    }
    return 0;
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

uint32_t shim_states(const struct facts *facts, uint32_t wanted)
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
    if (wanted & STATE_FOREIGN)
        state |= foreign_state(facts);
    if (wanted & STATE_HANDLER)
        state |= handler_state();
    return state;
}
