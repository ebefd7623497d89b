/*
 * own.c - the wrappers that cannot be stamped: variadic functions, whose extra argument is read only when the
 * caller gave one, those that take a union, and the two that close a descriptor whatever they report.
 */
#include "inject/shim/own.h"

#include <stdarg.h>

REAL(semctl, int, int, int, int, ...)
REAL(fcntl, int, int, int, ...)
REAL(mremap, void *, void *, size_t, size_t, int, ...)
REAL(close, int, int)
REAL(mq_close, int, mqd_t)
REAL(sigqueue, int, pid_t, int, const union sigval)
REAL(pthread_sigqueue, int, pthread_t, int, const union sigval)

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
    find_semctl();
    find_fcntl();
    find_mremap();
    find_close();
    find_mq_close();
    find_sigqueue();
    find_pthread_sigqueue();
}
