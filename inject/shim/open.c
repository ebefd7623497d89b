/*
 * open.c - the wrappers of calls that open something (and sem_close, whose semaphore had a name): variadic,
 * because a mode is given only with O_CREAT, and with fortified forms for calls without one.
 */
#include "inject/shim/own.h"

#include <stdarg.h>

REAL(open, int, const char *, int, ...)
REAL(openat, int, int, const char *, int, ...)
REAL(mq_open, mqd_t, const char *, int, ...)
REAL(sem_open, sem_t *, const char *, int, ...)
REAL(sem_close, int, sem_t *)

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

static sem_t *open_semaphore(const char *name, int flags, mode_t mode, unsigned value)
{
    sem_t *semaphore = find_sem_open()(name, flags, mode, value);
    if (semaphore)
        shim_sem_opened(semaphore, name);
    return semaphore;
}

static int close_semaphore(sem_t *semaphore)
{
    int result = find_sem_close()(semaphore);
    if (result == 0)
        shim_sem_closed(semaphore);
    return result;
}

SHIM_EXPORT int sem_close(sem_t *semaphore)
{
    if (!shim_watched(CALL_sem_close))
        return close_semaphore(semaphore);
    struct shim_call call;
    if (shim_begin(&call, CALL_sem_close, NUMBERS((uint64_t)semaphore), CALLER))
        call.result = (uint64_t)close_semaphore(semaphore);
    return (int)shim_end(&call);
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
        return open_semaphore(name, flags, mode, value);
    struct shim_call call;
    if (shim_begin(&call, CALL_sem_open, NUMBERS((uint64_t)name, (uint64_t)flags, mode, value), CALLER))
        call.result = (uint64_t)open_semaphore(name, flags, mode, value);
    return (sem_t *)shim_end(&call);
}

void shim_open_init(void)
{
    find_open();
    find_openat();
    find_mq_open();
    find_sem_open();
    find_sem_close();
}
