/*
 * own.c - the wrappers that cannot be stamped: variadic functions, whose extra argument is read only when the
 * caller gave one, their fortified forms, and the two that close a descriptor whatever they report.
 */
#include "inject/shim/shim.h"

#include "inject/shim/wrap.h"

#include <stdarg.h>

#define NUMBERS(...) ((const uint64_t[CALL_PARAMS_MAX]){__VA_ARGS__})
#define CALLER       __builtin_return_address(0)

/* The real function of a variadic row; `type` and parameters as in its libc header. */
#define REAL(name, type, ...)                                           \
    static type (*real_##name)(__VA_ARGS__);                            \
    static type (*find_##name(void))(__VA_ARGS__)                       \
    {                                                                   \
        if (!real_##name)                                               \
            real_##name = (__typeof__(real_##name))shim_resolve(#name); \
        return real_##name;                                             \
    }

REAL(open, int, const char *, int, ...)
REAL(openat, int, int, const char *, int, ...)
REAL(mq_open, mqd_t, const char *, int, ...)
REAL(sem_open, sem_t *, const char *, int, ...)
REAL(semctl, int, int, int, int, ...)
REAL(fcntl, int, int, int, ...)
REAL(mremap, void *, void *, size_t, size_t, int, ...)
REAL(close, int, int)
REAL(mq_close, int, mqd_t)
REAL(sigqueue, int, pid_t, int, const union sigval)
REAL(pthread_sigqueue, int, pthread_t, int, const union sigval)

static bool takes_mode(int flags)
{
    return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
}

static int call_open(const char *path, int flags, mode_t mode, const void *caller)
{
    if (!shim_watched(CALL_open))
        return find_open()(path, flags, mode);
    struct shim_call call;
    if (shim_begin(&call, CALL_open, NUMBERS((uint64_t)path, (uint64_t)flags, mode), caller))
        call.result = (uint64_t)find_open()(path, flags, mode);
    return (int)shim_end(&call);
}

static int call_openat(int directory, const char *path, int flags, mode_t mode, const void *caller)
{
    if (!shim_watched(CALL_openat))
        return find_openat()(directory, path, flags, mode);
    struct shim_call call;
    if (shim_begin(&call, CALL_openat, NUMBERS((uint64_t)directory, (uint64_t)path, (uint64_t)flags, mode),
                   caller))
        call.result = (uint64_t)find_openat()(directory, path, flags, mode);
    return (int)shim_end(&call);
}

static mode_t next_mode(int flags, va_list *arguments)
{
    return takes_mode(flags) ? va_arg(*arguments, mode_t) : 0;
}

SHIM_EXPORT int open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = next_mode(flags, &arguments);
    va_end(arguments);
    return call_open(path, flags, mode, CALLER);
}

SHIM_EXPORT int openat(int directory, const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = next_mode(flags, &arguments);
    va_end(arguments);
    return call_openat(directory, path, flags, mode, CALLER);
}

SHIM_EXPORT extern __typeof__(open) open64 __attribute__((alias("open")));
SHIM_EXPORT extern __typeof__(openat) openat64 __attribute__((alias("openat")));

/* What _FORTIFY_SOURCE makes of calls without a mode; libc's headers do not declare them. */
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int directory, const char *path, int flags);
int __openat64_2(int directory, const char *path, int flags);
mqd_t __mq_open_2(const char *name, int flags);
ssize_t __read_chk(int fd, void *buffer, size_t count, size_t room);
_Noreturn void __chk_fail(void);

SHIM_EXPORT int __open_2(const char *path, int flags)
{
    return call_open(path, flags, 0, CALLER);
}

SHIM_EXPORT int __open64_2(const char *path, int flags)
{
    return call_open(path, flags, 0, CALLER);
}

SHIM_EXPORT int __openat_2(int directory, const char *path, int flags)
{
    return call_openat(directory, path, flags, 0, CALLER);
}

SHIM_EXPORT int __openat64_2(int directory, const char *path, int flags)
{
    return call_openat(directory, path, flags, 0, CALLER);
}

SHIM_EXPORT ssize_t __read_chk(int fd, void *buffer, size_t count, size_t room)
{
    if (count > room)
        __chk_fail();
    return read(fd, buffer, count);
}

static mqd_t call_mq_open(const char *name, int flags, mode_t mode, struct mq_attr *attr, const void *caller)
{
    if (!shim_watched(CALL_mq_open))
        return find_mq_open()(name, flags, mode, attr);
    struct shim_call call;
    if (shim_begin(&call, CALL_mq_open, NUMBERS((uint64_t)name, (uint64_t)flags, mode, (uint64_t)attr),
                   caller))
        call.result = (uint64_t)find_mq_open()(name, flags, mode, attr);
    return (mqd_t)shim_end(&call);
}

SHIM_EXPORT mqd_t mq_open(const char *name, int flags, ...)
{
    mode_t mode = 0;
    struct mq_attr *attr = NULL;
    if (flags & O_CREAT) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        attr = va_arg(arguments, struct mq_attr *);
        va_end(arguments);
    }
    return call_mq_open(name, flags, mode, attr, CALLER);
}

SHIM_EXPORT mqd_t __mq_open_2(const char *name, int flags)
{
    return call_mq_open(name, flags, 0, NULL, CALLER);
}

SHIM_EXPORT sem_t *sem_open(const char *name, int flags, ...)
{
    mode_t mode = 0;
    unsigned value = 0;
    if (flags & O_CREAT) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        value = va_arg(arguments, unsigned);
        va_end(arguments);
    }
    if (!shim_watched(CALL_sem_open))
        return find_sem_open()(name, flags, mode, value);
    struct shim_call call;
    if (shim_begin(&call, CALL_sem_open, NUMBERS((uint64_t)name, (uint64_t)flags, mode, value), CALLER))
        call.result = (uint64_t)find_sem_open()(name, flags, mode, value);
    return (sem_t *)shim_end(&call);
}

/* semctl(2): the commands that have a fourth argument. It is a union of pointers and an int, one register
 * wide. */
static bool semctl_has_argument(int command)
{
    static const uint64_t with = 1ULL << SETVAL | 1ULL << SETALL | 1ULL << GETALL | 1ULL << IPC_STAT |
                                 1ULL << IPC_SET | 1ULL << SEM_STAT | 1ULL << SEM_STAT_ANY |
                                 1ULL << IPC_INFO | 1ULL << SEM_INFO;
    return command >= 0 && command < 64 && (with >> command & 1);
}

SHIM_EXPORT int semctl(int id, int number, int command, ...)
{
    void *argument = NULL;
    if (semctl_has_argument(command)) {
        va_list arguments;
        va_start(arguments, command);
        argument = va_arg(arguments, void *);
        va_end(arguments);
    }
    if (!shim_watched(CALL_semctl))
        return find_semctl()(id, number, command, argument);
    struct shim_call call;
    if (shim_begin(&call, CALL_semctl,
                   NUMBERS((uint64_t)id, (uint64_t)number, (uint64_t)command, (uint64_t)argument), CALLER))
        call.result = (uint64_t)find_semctl()(id, number, command, argument);
    return (int)shim_end(&call);
}

/* fcntl(2): the commands without an argument. Unknown ones are taken to have one, as libc does. */
static bool fcntl_has_argument(int command)
{
    return command != F_GETFD && command != F_GETFL && command != F_GETOWN && command != F_GETSIG &&
           command != F_GETLEASE && command != F_GETPIPE_SZ && command != F_GET_SEALS;
}

SHIM_EXPORT int fcntl(int fd, int command, ...)
{
    void *argument = NULL;
    if (fcntl_has_argument(command)) {
        va_list arguments;
        va_start(arguments, command);
        argument = va_arg(arguments, void *);
        va_end(arguments);
    }
    if (!shim_watched(CALL_fcntl))
        return find_fcntl()(fd, command, argument);
    struct shim_call call;
    if (shim_begin(&call, CALL_fcntl, NUMBERS((uint64_t)fd, (uint64_t)command, (uint64_t)argument), CALLER))
        call.result = (uint64_t)find_fcntl()(fd, command, argument);
    return (int)shim_end(&call);
}

SHIM_EXPORT extern __typeof__(fcntl) fcntl64 __attribute__((alias("fcntl")));

SHIM_EXPORT void *mremap(void *address, size_t old_size, size_t size, int flags, ...)
{
    void *target = NULL;
    if (flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) {
        va_list arguments;
        va_start(arguments, flags);
        target = va_arg(arguments, void *);
        va_end(arguments);
    }
    if (!shim_watched(CALL_mremap))
        return find_mremap()(address, old_size, size, flags, target);
    struct shim_call call;
    if (shim_begin(&call, CALL_mremap,
                   NUMBERS((uint64_t)address, old_size, size, (uint64_t)flags, (uint64_t)target), CALLER))
        call.result = (uint64_t)find_mremap()(address, old_size, size, flags, target);
    return (void *)shim_end(&call);
}

/* close(2): on Linux the descriptor is gone even when close fails, so the real close comes first. */
static int call_close(unsigned number, int (*real)(int), int fd, const void *caller)
{
    if (!shim_watched(number))
        return real(fd);
    struct shim_call call;
    bool plain = shim_begin(&call, number, NUMBERS((uint64_t)fd), caller);
    int result = real(fd);
    if (plain)
        call.result = (uint64_t)result;
    else if (result < 0 && errno == EBADF)
        call.error = EBADF;
    return (int)shim_end(&call);
}

SHIM_EXPORT int close(int fd)
{
    return call_close(CALL_close, find_close(), fd, CALLER);
}

SHIM_EXPORT int mq_close(mqd_t queue)
{
    return call_close(CALL_mq_close, find_mq_close(), queue, CALLER);
}

SHIM_EXPORT int sigqueue(pid_t pid, int signo, const union sigval value)
{
    if (!shim_watched(CALL_sigqueue))
        return find_sigqueue()(pid, signo, value);
    struct shim_call call;
    if (shim_begin(&call, CALL_sigqueue, NUMBERS((uint64_t)pid, (uint64_t)signo, (uint64_t)value.sival_ptr),
                   CALLER))
        call.result = (uint64_t)find_sigqueue()(pid, signo, value);
    return (int)shim_end(&call);
}

SHIM_EXPORT int pthread_sigqueue(pthread_t thread, int signo, const union sigval value)
{
    if (!shim_watched(CALL_pthread_sigqueue))
        return find_pthread_sigqueue()(thread, signo, value);
    struct shim_call call;
    if (shim_begin(&call, CALL_pthread_sigqueue, NUMBERS(thread, (uint64_t)signo, (uint64_t)value.sival_ptr),
                   CALLER))
        call.result = (uint64_t)find_pthread_sigqueue()(thread, signo, value);
    return (int)shim_end(&call);
}

void shim_own_init(void)
{
    find_open();
    find_openat();
    find_mq_open();
    find_sem_open();
    find_semctl();
    find_fcntl();
    find_mremap();
    find_close();
    find_mq_close();
    find_sigqueue();
    find_pthread_sigqueue();
}
