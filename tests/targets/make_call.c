/*
 * make_call.c - makes one call of inject/calls.def, with arguments for which one of its errors is possible,
 * and checks what it sees: that error, in the call's own way of failing, and a world that did not change.
 *
 *   make_call --all SHMOO ENGINE        every call and error that the engine reaches, each in a run of its
 * own make_call --one SHMOO ENGINE CALL ERROR make_call --call CALL ERROR         what the runs above run
 * under shmoo
 *
 * Objects are made before shmoo starts and inherited, so that the rule under test meets the tested call only.
 */
#include "inject/calls.h"
#include "inject/shim/wrap.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum {
    SHM = 100,
    SHM_READ,
    SEALED,
    MQ_NOWAIT,
    MQ_WAIT,
    PIPE_READ,
    PIPE_WRITE,
    PIPE_READ_NOWAIT,
    PIPE_WRITE_NOWAIT,
    SOCKET,
    SOCKET_NOWAIT,
    PIDFD
};
enum { SIZE = 4096, MESSAGE_SIZE = 64, UNTOUCHED = 12345 };

static _Alignas(SIZE) char pages[2 * SIZE];
static uint64_t scratch[64];
static struct timespec soon = {0, 1000};
static struct timespec never = {0, -1};
static struct sigevent event;
static struct mq_attr attributes;
static struct sembuf operation = {.sem_op = 1};
static sem_t semaphore;
static pthread_mutex_t mutex;
static pthread_cond_t cond;
static pthread_rwlock_t rwlock;
static char own_path[4096];
static int ids[3]; /* segment, semaphore set, queue */
static volatile sig_atomic_t raised;

static void note_signal(int signal)
{
    raised = signal;
}

_Noreturn static void give_up(const char *what)
{
    fprintf(stderr, "make_call: %s: %s\n", what, strerror(errno));
    exit(3);
}

/* --- the objects, made before shmoo starts --- */

static void place(int fd, int wanted)
{
    if (fd < 0 || dup2(fd, wanted) < 0)
        give_up("object");
    close(fd);
}

static void place_pair(int ends[2], int first, int second, int flags)
{
    for (int end = 0; end < 2; end++)
        fcntl(ends[end], F_SETFL, fcntl(ends[end], F_GETFL) | flags);
    place(ends[0], first);
    place(ends[1], second);
}

static void make_objects(void)
{
    int ends[2];
    int memfd = memfd_create("sealed", MFD_ALLOW_SEALING);
    if (ftruncate(memfd, SIZE) < 0 || fcntl(memfd, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK) < 0)
        give_up("memfd");
    place(memfd, SEALED);
    place(shm_open("/shmoo-kept", O_RDWR | O_CREAT, 0600), SHM);
    if (ftruncate(SHM, SIZE) < 0)
        give_up("shm");
    place(shm_open("/shmoo-kept", O_RDONLY, 0), SHM_READ);
    struct mq_attr attr = {.mq_maxmsg = 2, .mq_msgsize = MESSAGE_SIZE};
    place(mq_open("/shmoo-kept", O_RDWR | O_CREAT | O_NONBLOCK, 0600, &attr), MQ_NOWAIT);
    place(mq_open("/shmoo-kept", O_RDWR), MQ_WAIT);
    if (mq_send(MQ_NOWAIT, "x", 1, 0) < 0 || pipe(ends) < 0)
        give_up("queue");
    place_pair(ends, PIPE_READ, PIPE_WRITE, 0);
    if (write(PIPE_WRITE, "x", 1) != 1 || pipe(ends) < 0)
        give_up("pipe");
    place_pair(ends, PIPE_READ_NOWAIT, PIPE_WRITE_NOWAIT, O_NONBLOCK);
    if (write(PIPE_WRITE_NOWAIT, "x", 1) != 1 || socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
        give_up("socket");
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    place(ends[0], SOCKET);
    place(ends[1], SOCKET_NOWAIT);
    int pidfd = pidfd_open(getpid(), 0);
    fcntl(pidfd, F_SETFD, 0);
    place(pidfd, PIDFD);
    char text[64];
    snprintf(text, sizeof(text), "%d %d %d", shmget(IPC_PRIVATE, SIZE, 0600), semget(IPC_PRIVATE, 1, 0600),
             msgget(IPC_PRIVATE, 0600));
    setenv("MAKE_CALL_IDS", text, 1);
}

static void remove_objects(void)
{
    shm_unlink("/shmoo-kept");
    mq_unlink("/shmoo-kept");
    shmctl(ids[0], IPC_RMID, NULL);
    semctl(ids[1], 0, IPC_RMID);
    msgctl(ids[2], IPC_RMID, NULL);
}

static void read_ids(void)
{
    const char *text = getenv("MAKE_CALL_IDS");
    if (!text || sscanf(text, "%d %d %d", &ids[0], &ids[1], &ids[2]) != 3)
        give_up("MAKE_CALL_IDS");
}

/* --- the world, as one number --- */

static uint64_t mix(uint64_t sum, const void *bytes, size_t length)
{
    for (size_t index = 0; index < length; index++)
        sum = (sum ^ ((const unsigned char *)bytes)[index]) * 0x100000001b3;
    return sum;
}

static uint64_t mix_file(uint64_t sum, const char *path)
{
    static char text[65536];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    for (ssize_t length; fd >= 0 && (length = read(fd, text, sizeof(text))) > 0;)
        sum = mix(sum, text, (size_t)length);
    syscall(SYS_close, fd);
    return sum;
}

static uint64_t mix_directory(uint64_t sum, const char *path)
{
    uint64_t names = 0; /* in any order */
    DIR *directory = opendir(path);
    if (!directory)
        return sum;
    for (struct dirent *entry; (entry = readdir(directory));)
        names += mix(0, entry->d_name, strlen(entry->d_name));
    closedir(directory);
    return mix(sum, &names, sizeof(names));
}

static uint64_t world(void)
{
    static const char *const files[] = {"/proc/sysvipc/shm", "/proc/sysvipc/sem", "/proc/sysvipc/msg",
                                        "/proc/self/maps"};
    static const char *const directories[] = {"/dev/shm", "/dev/mqueue", "/proc/self/fd", "."};
    uint64_t sum = 0;
    for (size_t index = 0; index < sizeof(files) / sizeof(files[0]); index++)
        sum = mix_file(sum, files[index]);
    for (size_t index = 0; index < sizeof(directories) / sizeof(directories[0]); index++)
        sum = mix_directory(sum, directories[index]);
    struct stat status;
    char text[128];
    int bytes[2] = {0, 0};
    ssize_t length = pread(MQ_WAIT, text, sizeof(text), 0); /* a queue's descriptor reads as its state */
    sum = mix(sum, text, length > 0 ? (size_t)length : 0);
    ioctl(PIPE_READ, FIONREAD, &bytes[0]);
    ioctl(PIPE_READ_NOWAIT, FIONREAD, &bytes[1]);
    if (fstat(SHM, &status) == 0)
        sum = mix(sum, &status.st_size, sizeof(status.st_size));
    return mix(sum, bytes, sizeof(bytes));
}

/* --- arguments --- */

static bool starts(const char *name, const char *start)
{
    return strncmp(name, start, strlen(start)) == 0;
}

static void make_locks(const struct call *call, uint32_t state)
{
    if (call->class == CLASS_SEM && strcmp(call->name, "sem_init") != 0)
        sem_init(&semaphore, 1, 1);
    if (call->class != CLASS_LOCK || starts(call->name, "pthread_mutex_init") ||
        starts(call->name, "pthread_mutexattr"))
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

static uint64_t pick_name(const struct call *call, int role)
{
    static const char *const paths[] = {"ftok", "/", "mkfifo", "fifo", "open", "/dev/shm/shmoo-new"};
    for (size_t index = 0; role == ROLE_PATH && index < 6; index += 2)
        if (starts(call->name, paths[index]))
            return (uint64_t)paths[index + 1];
    return (uint64_t)(strstr(call->name, "unlink") ? "/shmoo-kept" : "/shmoo-new");
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

static uint64_t pick_argument(const struct call *call, const struct guard *guard, int index)
{
    enum call_role role = call->params[index].role;
    bool wants_flags = call_flags_param(call) == index;
    static const struct guard none;
    switch (role) {
    case ROLE_NAME:
    case ROLE_PATH: return pick_name(call, role);
    case ROLE_FD: return pick_fd(call, guard);
    case ROLE_DIR_FD: return (uint64_t)AT_FDCWD;
    case ROLE_FDS: return (uint64_t)scratch;
    case ROLE_SIZE:
        if (guard->state & STATE_TOO_LONG)
            return MESSAGE_SIZE + 1;
        return starts(call->name, "m") && call->class != CLASS_MAP ? 8 : SIZE;
    case ROLE_OFFSET: return 0;
    case ROLE_MODE: return 0600;
    case ROLE_KEY: return 0x5eed;
    case ROLE_ID: return (uint64_t)ids[call->name[0] == 'm' ? 2 : call->name[1] == 'e'];
    case ROLE_PID: return (uint64_t)getpid();
    case ROLE_SIGNO: return (uint64_t)(guard->state & STATE_REALTIME ? SIGRTMIN : SIGCONT);
    case ROLE_ADDRESS: return starts(call->name, "mmap") || starts(call->name, "shm") ? 0 : (uint64_t)pages;
    case ROLE_SEM: return (uint64_t)&semaphore;
    case ROLE_POINTER: return pick_pointer(call);
    case ROLE_TIMEOUT: return (uint64_t)(guard->state & STATE_INVALID ? &never : &soon);
    case ROLE_CLOCK: return CLOCK_MONOTONIC;
    case ROLE_PRIORITY: return guard->state & STATE_INVALID ? MQ_PRIO_MAX : 1;
    case ROLE_EVENT: return (uint64_t)&event;
    case ROLE_QUEUE_ATTR: return (uint64_t)&attributes;
    case ROLE_SEMOPS: return (uint64_t)&operation;
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

static void pick_arguments(const struct call *call, const struct guard *guard,
                           uint64_t arguments[CALL_PARAMS_MAX])
{
    event.sigev_notify = guard->state & STATE_THREAD_EVENT ? SIGEV_THREAD : SIGEV_NONE;
    attributes.mq_flags = guard->state & STATE_INVALID ? O_APPEND : 0;
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

/* --- the calls --- */

static int give_signal(pid_t pid, int signo, void *value)
{
    return sigqueue(pid, signo, (union sigval){.sival_ptr = value});
}

static int give_thread_signal(pthread_t thread, int signo, void *value)
{
    return pthread_sigqueue(thread, signo, (union sigval){.sival_ptr = value});
}

static int futex(unsigned *word, int op, unsigned value, const struct timespec *timeout)
{
    return (int)syscall(SYS_futex, word, op, value, timeout, NULL, 0);
}

#define sigqueue(...)         give_signal(__VA_ARGS__)
#define pthread_sigqueue(...) give_thread_signal(__VA_ARGS__)

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#pragma GCC diagnostic ignored "-Wunused-result"

#define CALL(name, type, fails, group, engines, system, parameters, menu) \
    static uint64_t make_##name(const uint64_t *a)                        \
    {                                                                     \
        return (uint64_t)name(TYPED_##parameters);                        \
    }
#define CALL_OWN CALL
#define CALL_RAW CALL
#include "inject/calls.def"
#undef CALL

static uint64_t (*const makers[CALL_COUNT])(const uint64_t *) = {
#define CALL(name, ...) [CALL_##name] = make_##name,
#include "inject/calls.def"
#undef CALL
};

/* --- the check --- */

static bool closes(unsigned number)
{
    return number == CALL_close || number == CALL_mq_close;
}

static int complain(const char *what, unsigned number, int error, uint64_t result, int got)
{
    printf("%s %s: %s (result %#llx, errno %s)\n", calls[number].name, strerrorname_np(error), what,
           (unsigned long long)result, strerrorname_np(got) ? strerrorname_np(got) : "untouched");
    return 1;
}

static int check_call(unsigned number, int error)
{
    const struct call *call = &calls[number];
    const struct guard *guard = &call_error_find(call, error)->guard;
    uint64_t arguments[CALL_PARAMS_MAX] = {0};
    read_ids();
    make_locks(call, guard->state);
    pick_arguments(call, guard, arguments);
    uint64_t before = world();
    before = world(); /* the first one filled caches */
    signal(SIGPIPE, note_signal);
    signal(SIGXFSZ, note_signal);
    errno = UNTOUCHED;
    uint64_t result = makers[number](arguments);
    int got = errno;
    if (result != call_failed_result(call, error))
        return complain("another result", number, error, result, got);
    if (call->failure != FAILURE_RETURNED && got != error)
        return complain("another errno", number, error, result, got);
    if (call->failure == FAILURE_RETURNED && getenv("MAKE_CALL_PRELOAD") && got != UNTOUCHED)
        return complain("errno was touched", number, error, result, got);
    if (raised != call_error_signal(number, error, arguments))
        return complain("another signal", number, error, result, got);
    if (closes(number))
        return syscall(SYS_fcntl, (int)arguments[0], F_GETFD) >= 0
                   ? complain("still open", number, error, result, got)
                   : 0;
    if (world() != before)
        return complain("had an effect", number, error, result, got);
    return 0;
}

/* --- running them under shmoo --- */

static int run_one(const char *shmoo, const char *engine, unsigned number, const struct call_error *row)
{
    char rule[128];
    const char *force = row->guard.state & STATE_UNKNOWABLE ? ":force" : "";
    snprintf(rule, sizeof(rule), "%s:error=%s%s", calls[number].name, strerrorname_np(row->error), force);
    pid_t pid = fork();
    if (pid == 0) {
        execl(shmoo, shmoo, "inject", "--engine", engine, "-q", "--must-fire", "-e", rule, "--", own_path,
              "--call", calls[number].name, strerrorname_np(row->error), NULL);
        give_up(shmoo);
    }
    int status = 0;
    if (waitpid(pid, &status, 0) < 0)
        give_up("waitpid");
    if (status)
        printf("%s under %s: status %#x\n", rule, engine, status);
    return status != 0;
}

static bool reached(unsigned number, const struct call_error *row, unsigned engine)
{
    return (calls[number].reach & engine) && !(engine == REACH_SECCOMP && row->guard.preload_only);
}

static int run_all(const char *shmoo, const char *engine, const char *only_call, const char *only_error)
{
    unsigned reach = strcmp(engine, "preload") == 0 ? REACH_PRELOAD : REACH_SECCOMP;
    int made = 0;
    int failed = 0;
    for (unsigned number = 0; number < CALL_COUNT; number++)
        for (const struct call_error *row = calls[number].errors;
             row < calls[number].errors + CALL_ERRORS_MAX && row->error; row++) {
            if (!reached(number, row, reach) || (only_call && strcmp(calls[number].name, only_call) != 0) ||
                (only_error && strcmp(strerrorname_np(row->error), only_error) != 0))
                continue;
            made++;
            failed += run_one(shmoo, engine, number, row);
        }
    printf("%s: %d made, %d failed\n", engine, made, failed);
    return failed || !made;
}

static int find_error(const struct call *call, const char *name)
{
    for (const struct call_error *row = call->errors; row < call->errors + CALL_ERRORS_MAX && row->error;
         row++)
        if (strcmp(strerrorname_np(row->error), name) == 0)
            return row->error;
    return 0;
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc == 4 && strcmp(argv[1], "--call") == 0) {
        int number = call_find(argv[2], strlen(argv[2]));
        int error = number < 0 ? 0 : find_error(&calls[number], argv[3]);
        return error ? check_call((unsigned)number, error) : 3;
    }
    if (argc != 4 && argc != 6)
        return 3;
    if (readlink("/proc/self/exe", own_path, sizeof(own_path) - 1) < 0)
        give_up("own path");
    make_objects();
    if (strcmp(argv[3], "preload") == 0)
        setenv("MAKE_CALL_PRELOAD", "1", 1);
    int status = run_all(argv[2], argv[3], argc == 6 ? argv[4] : NULL, argc == 6 ? argv[5] : NULL);
    read_ids();
    remove_objects();
    return status;
}
