/* arguments.c - arguments for which an error of a call is possible. */
#include "tests/targets/make_call/make_call.h"

#include "inject/calls_headers.h"
#include "inject/rule.h"

#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/syscall.h>

static _Alignas(SIZE) char pages[2 * SIZE];
static uint64_t scratch[64];
static struct timespec soon = {0, 1000};
static struct timespec never = {0, -1};
static struct sigevent event;
static struct mq_attr attributes;
static struct sembuf operation; /* waits for a zero that is there */
static struct flock lock = {.l_type = F_RDLCK};
static pthread_mutexattr_t mutex_attr;
static pthread_barrierattr_t barrier_attr;
static sem_t semaphore;
static pthread_mutex_t mutex;
static pthread_cond_t cond;
static pthread_rwlock_t rwlock;

static bool starts(const char *name, const char *start)
{
    return strncmp(name, start, strlen(start)) == 0;
}

void make_locks(const struct call *call, uint32_t state)
{
    if (call->class == CLASS_SEM && strcmp(call->name, "sem_init") != 0)
        sem_init(&semaphore, 1, state & STATE_FULL ? SEM_VALUE_MAX : 1);
    if (call->class != CLASS_LOCK || starts(call->name, "pthread_mutexattr"))
        return;
    pthread_mutexattr_init(&mutex_attr);
    pthread_mutexattr_setpshared(&mutex_attr, PTHREAD_PROCESS_SHARED);
    pthread_barrierattr_init(&barrier_attr);
    pthread_barrierattr_setpshared(&barrier_attr, PTHREAD_PROCESS_SHARED);
    if (starts(call->name, "pthread_mutex_init"))
        return;
    pthread_mutexattr_t attr;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
    if (state & STATE_ROBUST)
        pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
    if (state & STATE_RECURSIVE)
        pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
    if (state & (STATE_ERRORCHECK | STATE_DETECTING))
        pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK);
    if (state & STATE_CEILING)
        pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_PROTECT);
    pthread_mutex_init(&mutex, &attr);
    pthread_rwlockattr_t rwlock_attr;
    pthread_rwlockattr_init(&rwlock_attr);
    pthread_rwlockattr_setpshared(&rwlock_attr, PTHREAD_PROCESS_SHARED);
    pthread_rwlock_init(&rwlock, &rwlock_attr);
    pthread_cond_init(&cond, NULL);
}

static uint64_t pick_fd(const struct call *call, const struct guard *guard)
{
    bool nowait = guard->state & STATE_NONBLOCK;
    if (guard->fd_kinds && !(guard->fd_kinds & FD_PIPE))
        return guard->fd_kinds & FD_SHM ? SHM : OTHER;
    if (call->class == CLASS_MQ)
        return nowait ? MQ_NOWAIT : MQ_WAIT;
    if (guard->state & STATE_SEALED)
        return SEALED;
    if (guard->state & STATE_READ_ONLY)
        return SHM_READ;
    if (strcmp(call->name, "read") == 0)
        return nowait ? PIPE_READ_NOWAIT : PIPE_READ;
    if (strcmp(call->name, "write") == 0)
        return nowait ? PIPE_WRITE_NOWAIT : PIPE_WRITE;
    if (strcmp(call->name, "close") == 0)
        return PIPE_READ;
    if (strcmp(call->name, "pidfd_getfd") == 0)
        return PIDFD;
    if (strcmp(call->name, "signalfd") == 0)
        return guard->state & STATE_FD_GIVEN ? SHM : (uint64_t)-1;
    if (starts(call->name, "send") || starts(call->name, "recv"))
        return nowait ? SOCKET_NOWAIT : SOCKET;
    return SHM;
}

static uint64_t pick_command(const struct guard *guard)
{
    int bit = guard->commands ? __builtin_ctzll(guard->commands)
                              : 2; /* IPC_STAT, F_SETFD, F_TLOCK: all have bit 2 */
    return bit < 48 ? (uint64_t)bit : (uint64_t)(bit - 48 + 1024);
}

static uint64_t pick_flags(enum call_role role, const struct guard *guard)
{
    static const uint64_t usual[ROLE_COUNT] = {[ROLE_OPEN_FLAGS] = O_CLOEXEC,
                                               [ROLE_PROT_FLAGS] = PROT_READ | PROT_WRITE,
                                               [ROLE_MSYNC_FLAGS] = 0,
                                               [ROLE_MAP_FLAGS] = 0,
                                               [ROLE_IPC_FLAGS] = 0600,
                                               [ROLE_FLOCK_FLAGS] = LOCK_EX,
                                               [ROLE_MLOCKALL_FLAGS] = MCL_CURRENT,
                                               [ROLE_MREMAP_FLAGS] = MREMAP_MAYMOVE};
    uint64_t flags = usual[role] | guard->set;
    if (role == ROLE_MAP_FLAGS && !(flags & MAP_TYPE))
        flags |= MAP_SHARED;
    if (role == ROLE_IPC_FLAGS && (guard->state & STATE_CREATES))
        flags |= IPC_CREAT;
    return flags;
}

static uint64_t pick_name(const struct call *call, const struct guard *guard, int role)
{
    static const char *const paths[] = {"ftok", "/", "mkfifo", "fifo", "open", "/dev/shm/shmoo-new"};
    for (size_t index = 0; role == ROLE_PATH && index < 6; index += 2)
        if (starts(call->name, paths[index]))
            return (uint64_t)paths[index + 1];
    bool kept = strstr(call->name, "unlink") && !(guard->state & STATE_FOREIGN);
    return (uint64_t)(kept ? "/shmoo-kept" : "/shmoo-new");
}

static uint64_t pick_id(const struct call *call, const struct guard *guard)
{
    if (guard->state & STATE_FOREIGN)
        return INT_MAX;
    return (uint64_t)ids[call->name[0] == 'm' ? 2 : call->name[1] == 'e'];
}

/* Root may signal everybody, so it must not be root then. */
static uint64_t pick_process(const struct guard *guard)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};
    if ((guard->state & STATE_FOREIGN) && syscall(SYS_capset, &header, none) < 0)
        give_up("capset");
    return (uint64_t)(guard->state & (STATE_STRANGER | STATE_FOREIGN) ? getppid() : getpid());
}

static uint64_t pick_pointer(const struct call *call)
{
    static char message[16] = {1};
    if (starts(call->name, "msg") || starts(call->name, "write"))
        return (uint64_t)message;
    return (uint64_t)scratch;
}

static uint64_t pick_number(const struct call *call, int index)
{
    return index == 0 && starts(call->name, "pthread_") ? (uint64_t)pthread_self() : 1;
}

static uint64_t map_file(int fd, int access)
{
    void *memory = mmap(NULL, SIZE, access, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED)
        give_up("mmap");
    return (uint64_t)memory;
}

static uint64_t pick_address(const struct call *call, const struct guard *guard)
{
    if (guard->state & STATE_FILE_MAPPING)
        return map_file(DISK, PROT_READ | PROT_WRITE);
    if (guard->state & STATE_READ_MAPPING)
        return map_file(SHM_READ, PROT_READ);
    return starts(call->name, "mmap") || starts(call->name, "shm") ? 0 : (uint64_t)pages;
}

static uint64_t pick_argument(const struct call *call, const struct guard *guard, int index)
{
    enum call_role role = call->params[index].role;
    bool wants_flags = call_flags_param(call) == index;
    static const struct guard none;
    switch (role) {
    case ROLE_NAME:
    case ROLE_PATH: return pick_name(call, guard, role);
    case ROLE_FD: return pick_fd(call, guard);
    case ROLE_DIR_FD: return (uint64_t)AT_FDCWD;
    case ROLE_FDS: return (uint64_t)scratch;
    case ROLE_SIZE:
        if (guard->state & STATE_TOO_LONG)
            return MESSAGE_SIZE + 1;
        if (guard->state & STATE_SEALED)
            return 2 * SIZE; /* more than the file has */
        if (guard->state & STATE_TOO_SHORT)
            return MESSAGE_SIZE - 1;
        return starts(call->name, "m") && call->class != CLASS_MAP ? 8 : SIZE;
    case ROLE_OFFSET: return 0;
    case ROLE_MODE: return 0600;
    case ROLE_KEY: return 0x5eed;
    case ROLE_ID: return pick_id(call, guard);
    case ROLE_PID: return pick_process(guard);
    case ROLE_SIGNO: return (uint64_t)(guard->state & STATE_REALTIME ? SIGRTMIN : SIGCONT);
    case ROLE_ADDRESS: return pick_address(call, guard);
    case ROLE_SEM: return (uint64_t)&semaphore;
    case ROLE_POINTER: return pick_pointer(call);
    case ROLE_TIMEOUT: return (uint64_t)(guard->state & STATE_INVALID ? &never : &soon);
    case ROLE_CLOCK: return CLOCK_MONOTONIC;
    case ROLE_PRIORITY: return guard->state & STATE_INVALID ? MQ_PRIO_MAX : 1;
    case ROLE_EVENT: return (uint64_t)&event;
    case ROLE_QUEUE_ATTR: return (uint64_t)&attributes;
    case ROLE_SEMOPS: return (uint64_t)&operation;
    case ROLE_FCNTL_ARGUMENT: return guard->state & STATE_WAITABLE ? (uint64_t)&lock : 1;
    case ROLE_MUTEX_ATTR: return (uint64_t)&mutex_attr;
    case ROLE_BARRIER_ATTR: return (uint64_t)&barrier_attr;
    case ROLE_MUTEX: return (uint64_t)&mutex;
    case ROLE_COND: return (uint64_t)&cond;
    case ROLE_RWLOCK: return (uint64_t)&rwlock;
    case ROLE_NUMBER: return pick_number(call, index);
    default: break;
    }
    if (call_role_is_command(role))
        return pick_command(wants_flags ? guard : &none);
    return pick_flags(role, wants_flags ? guard : &none);
}

void pick_arguments(const struct call *call, const struct guard *guard, uint64_t arguments[CALL_PARAMS_MAX])
{
    event.sigev_notify = guard->state & STATE_THREAD_EVENT ? SIGEV_THREAD : SIGEV_NONE;
    attributes.mq_flags = guard->state & STATE_INVALID ? O_APPEND : 0;
    operation.sem_num = guard->state & STATE_BEYOND ? 1 : 0;
    operation.sem_flg = (short)((guard->state & STATE_NONBLOCK ? IPC_NOWAIT : 0) |
                                (guard->state & STATE_UNDO ? SEM_UNDO : 0));
    for (int index = 0; index < call->param_count; index++) {
        arguments[index] = pick_argument(call, guard, index);
        if ((guard->nonzero >> index & 1) && !arguments[index])
            arguments[index] = 1;
        if (guard->above.value && guard->above.argument == index)
            arguments[index] = (uint64_t)guard->above.value + 1;
    }
    if (guard->state & STATE_ABOVE_FSIZE)
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){1, 1});
}
