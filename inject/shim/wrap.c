/*
 * wrap.c - the wrappers of all CALL rows of calls.def. Each costs two loads and a test while no rule is on
 * for its call, and a sieve (sieve.h) while none can match. File offsets have 64 bits, so a "64" alias is the
 * same function.
 */
#include "inject/shim/shim.h"

#include "inject/shim/wrap.h"

/* unistd.h says int fds[2] where calls.def says int *. */
#pragma GCC diagnostic ignored "-Wpragmas"
#pragma GCC diagnostic ignored "-Wunknown-warning-option"
#pragma GCC diagnostic ignored "-Warray-parameter"

_Static_assert(sizeof(long) == 8 && sizeof(off_t) == 8, "64-bit systems only");

/* What call_param() and call_flags_param() find, but at compile time. */
static inline __attribute__((always_inline)) bool sieved(unsigned call, const uint8_t roles[CALL_PARAMS_MAX],
                                                         const uint64_t numbers[CALL_PARAMS_MAX])
{
    uint64_t size = 0;
    uint64_t flags = 0;
#pragma GCC unroll 6
    for (int index = CALL_PARAMS_MAX - 1; index >= 0; index--)
        size = roles[index] == ROLE_SIZE ? numbers[index] : size;
#pragma GCC unroll 6
    for (int index = 0; index < CALL_PARAMS_MAX; index++)
        flags = roles[index] >= ROLE_SHM_COMMAND ? numbers[index] & UINT32_MAX : flags;
    return shim_sieved(call, size, flags);
}

#define SIEVED(name, parameters)                                              \
    sieved(CALL_##name, (const uint8_t[CALL_PARAMS_MAX]){ROLES_##parameters}, \
           (const uint64_t[CALL_PARAMS_MAX]){NUMBERS_##parameters})

#define CALL_OWN(...)
#define CALL_RAW(...)

#define CALL(name, type, fails, group, engines, system, parameters, menu)                              \
    REAL_FUNCTION(name, type, parameters, )                                                            \
    static SHIM_SLOW type watched_##name(const void *caller, DECLARE_##parameters)                     \
    {                                                                                                  \
        struct shim_call call;                                                                         \
        const uint64_t *a = call.facts.arguments;                                                      \
        if (shim_begin(&call, CALL_##name, (uint64_t[CALL_PARAMS_MAX]){NUMBERS_##parameters}, caller)) \
            call.result = (uint64_t)real_##name(TYPED_##parameters);                                   \
        return (type)shim_end(&call);                                                                  \
    }                                                                                                  \
    SHIM_EXPORT type name(DECLARE_##parameters)                                                        \
    {                                                                                                  \
        if (shim_watched(CALL_##name) && !SIEVED(name, parameters))                                    \
            return watched_##name(__builtin_return_address(0), NAMES_##parameters);                    \
        return real_##name(NAMES_##parameters);                                                        \
    }
#include "inject/calls.def"
#undef CALL

#define ALIAS(other, name) SHIM_EXPORT extern __typeof__(name) other __attribute__((alias(#name)));
ALIAS(ftruncate64, ftruncate)
ALIAS(posix_fallocate64, posix_fallocate)
ALIAS(fallocate64, fallocate)
ALIAS(mmap64, mmap)
ALIAS(lockf64, lockf)

void shim_wrap_init(void)
{
#define CALL(name, ...)                       \
    void *found_##name = shim_resolve(#name); \
    if (found_##name)                         \
        real_##name = (__typeof__(real_##name))found_##name;
#include "inject/calls.def"
#undef CALL
}
