/*
 * inner.c - functions of libc that make files by its own, inner open, which no wrapper sees. They cannot be
 * failed; a run that asks who made what is told of them as the call they stand for.
 */
#include "inject/shim/shim.h"

#include "inject/calls_headers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALLER __builtin_return_address(0)

#define INNER_FUNCTIONS(X) \
    X(fopen) X(freopen) X(creat) X(mkstemp) X(mkostemp) X(mkstemps) X(mkostemps) X(mknod) X(mknodat)
#define DECLARE_REAL(name) static __typeof__(name) *real_##name;
INNER_FUNCTIONS(DECLARE_REAL)
#define FIND_REAL(name) real_##name = (__typeof__(real_##name))shim_resolve(#name);
#define REAL(name)      (real_##name ? real_##name : (__typeof__(real_##name))shim_resolve(#name))

void shim_inner_init(void)
{
    INNER_FUNCTIONS(FIND_REAL)
}

static int opened(int fd, const char *path, int flags, const void *caller)
{
    if (fd >= 0)
        shim_note(CALL_open, (uint64_t[CALL_PARAMS_MAX]){(uint64_t)path, (uint64_t)flags}, (uint64_t)fd,
                  caller);
    return fd;
}

static FILE *streamed(FILE *stream, const char *path, const char *mode, const void *caller)
{
    if (stream && path && strpbrk(mode, "wa"))
        opened(fileno(stream), path,
               O_CREAT | (strchr(mode, 'x') ? O_EXCL : 0) | (strchr(mode, 'e') ? O_CLOEXEC : 0), caller);
    return stream;
}

SHIM_EXPORT FILE *fopen(const char *restrict path, const char *restrict mode)
{
    return streamed(REAL(fopen)(path, mode), path, mode, CALLER);
}

SHIM_EXPORT FILE *freopen(const char *restrict path, const char *restrict mode, FILE *restrict stream)
{
    return streamed(REAL(freopen)(path, mode, stream), path, mode, CALLER);
}

SHIM_EXPORT int creat(const char *path, mode_t mode)
{
    return opened(REAL(creat)(path, mode), path, O_CREAT, CALLER);
}

SHIM_EXPORT int mkstemp(char *name)
{
    return opened(REAL(mkstemp)(name), name, O_CREAT | O_EXCL, CALLER);
}

SHIM_EXPORT int mkostemp(char *name, int flags)
{
    return opened(REAL(mkostemp)(name, flags), name, O_CREAT | O_EXCL | flags, CALLER);
}

SHIM_EXPORT int mkstemps(char *name, int length)
{
    return opened(REAL(mkstemps)(name, length), name, O_CREAT | O_EXCL, CALLER);
}

SHIM_EXPORT int mkostemps(char *name, int length, int flags)
{
    return opened(REAL(mkostemps)(name, length, flags), name, O_CREAT | O_EXCL | flags, CALLER);
}

SHIM_EXPORT int mknod(const char *path, mode_t mode, dev_t device)
{
    int result = REAL(mknod)(path, mode, device);
    if (result == 0 && S_ISFIFO(mode))
        shim_note(CALL_mkfifo, (uint64_t[CALL_PARAMS_MAX]){(uint64_t)path}, 0, CALLER);
    return result;
}

SHIM_EXPORT int mknodat(int folder, const char *path, mode_t mode, dev_t device)
{
    int result = REAL(mknodat)(folder, path, mode, device);
    if (result == 0 && S_ISFIFO(mode))
        shim_note(CALL_mkfifoat, (uint64_t[CALL_PARAMS_MAX]){(uint64_t)folder, (uint64_t)path}, 0, CALLER);
    return result;
}

#define ALIAS(other, name) SHIM_EXPORT extern __typeof__(name) other __attribute__((alias(#name)));
ALIAS(fopen64, fopen)
ALIAS(freopen64, freopen)
ALIAS(creat64, creat)
ALIAS(mkstemp64, mkstemp)
ALIAS(mkostemp64, mkostemp)
ALIAS(mkstemps64, mkstemps)
ALIAS(mkostemps64, mkostemps)
