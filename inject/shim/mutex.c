/*
 * mutex.c - mutexes. An injected EOWNERDEAD must leave the caller with the lock, and with the duty to call
 * pthread_mutex_consistent before it unlocks: otherwise the mutex is beyond use (ENOTRECOVERABLE), as a real
 * one would be. The marks are kept per process; a real owner's death marks the mutex itself, which we cannot.
 */
#include "inject/shim/shim.h"

#include "inject/shim/wrap.h"

#define CALLER __builtin_return_address(0)

enum { MARKS_MAX = 64 };

/* Addresses of mutexes, 0 for a free place. Lock-free: a set so small is searched, not hashed. */
struct marks {
    _Atomic uintptr_t addresses[MARKS_MAX];
    _Atomic uint32_t count;
};

static struct marks inconsistent;  /* locked by an injected EOWNERDEAD */
static struct marks unrecoverable; /* unlocked since, without pthread_mutex_consistent */

static void mark(struct marks *marks, pthread_mutex_t *mutex)
{
    for (unsigned index = 0; index < MARKS_MAX; index++) {
        uintptr_t none = 0;
        if (atomic_compare_exchange_strong(&marks->addresses[index], &none, (uintptr_t)mutex)) {
            atomic_fetch_add(&marks->count, 1);
            return;
        }
    }
}

static bool marked(struct marks *marks, pthread_mutex_t *mutex)
{
    if (!atomic_load_explicit(&marks->count, memory_order_relaxed))
        return false;
    for (unsigned index = 0; index < MARKS_MAX; index++)
        if (marks->addresses[index] == (uintptr_t)mutex)
            return true;
    return false;
}

static bool unmark(struct marks *marks, pthread_mutex_t *mutex)
{
    if (!atomic_load_explicit(&marks->count, memory_order_relaxed))
        return false;
    for (unsigned index = 0; index < MARKS_MAX; index++) {
        uintptr_t address = (uintptr_t)mutex;
        if (atomic_compare_exchange_strong(&marks->addresses[index], &address, 0)) {
            atomic_fetch_sub(&marks->count, 1);
            return true;
        }
    }
    return false;
}

/* What is left to do once the lock call was judged; `real` is the result of the real lock. */
static int locked_with_dead_owner(struct shim_call *call, pthread_mutex_t *mutex, int real)
{
    if (real == 0)
        mark(&inconsistent, mutex);
    else
        call->result = (uint64_t)real;
    return (int)shim_end(call);
}

static bool wants_dead_owner(const struct shim_call *call)
{
    return call->injected && call->rule->error == EOWNERDEAD;
}

#define FIND(name, declaration)                                         \
    static int(*real_##name) declaration;                               \
    static int(*find_##name(void)) declaration                          \
    {                                                                   \
        if (!real_##name)                                               \
            real_##name = (__typeof__(real_##name))shim_resolve(#name); \
        return real_##name;                                             \
    }

/* One lock function: `names` are its parameters in parentheses, `numbers` the same as an array. */
#define LOCK(name, declaration, names, ...)                                                   \
    FIND(name, declaration)                                                                   \
    SHIM_EXPORT int name declaration                                                          \
    {                                                                                         \
        if (marked(&unrecoverable, mutex))                                                    \
            return ENOTRECOVERABLE;                                                           \
        if (!shim_watched(CALL_##name))                                                       \
            return find_##name() names;                                                       \
        struct shim_call call;                                                                \
        if (shim_begin(&call, CALL_##name, (uint64_t[CALL_PARAMS_MAX]){__VA_ARGS__}, CALLER)) \
            call.result = (uint64_t)find_##name() names;                                      \
        else if (wants_dead_owner(&call))                                                     \
            return locked_with_dead_owner(&call, mutex, find_##name() names);                 \
        return (int)shim_end(&call);                                                          \
    }

LOCK(pthread_mutex_lock, (pthread_mutex_t * mutex), (mutex), (uint64_t)mutex)
LOCK(pthread_mutex_trylock, (pthread_mutex_t * mutex), (mutex), (uint64_t)mutex)
LOCK(pthread_mutex_timedlock, (pthread_mutex_t *restrict mutex, const struct timespec *restrict timeout),
     (mutex, timeout), (uint64_t)mutex, (uint64_t)timeout)
LOCK(pthread_mutex_clocklock,
     (pthread_mutex_t *restrict mutex, clockid_t clock, const struct timespec *restrict timeout),
     (mutex, clock, timeout), (uint64_t)mutex, (uint64_t)clock, (uint64_t)timeout)

FIND(pthread_mutex_unlock, (pthread_mutex_t * mutex))

static int unlock(pthread_mutex_t *mutex)
{
    int result = find_pthread_mutex_unlock()(mutex);
    if (result == 0 && unmark(&inconsistent, mutex))
        mark(&unrecoverable, mutex);
    return result;
}

SHIM_EXPORT int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    if (!shim_watched(CALL_pthread_mutex_unlock))
        return unlock(mutex);
    struct shim_call call;
    if (shim_begin(&call, CALL_pthread_mutex_unlock, (uint64_t[CALL_PARAMS_MAX]){(uint64_t)mutex}, CALLER))
        call.result = (uint64_t)unlock(mutex);
    return (int)shim_end(&call);
}

FIND(pthread_mutex_consistent, (pthread_mutex_t * mutex))

static int consistent(pthread_mutex_t *mutex)
{
    return unmark(&inconsistent, mutex) ? 0 : find_pthread_mutex_consistent()(mutex);
}

SHIM_EXPORT int pthread_mutex_consistent(pthread_mutex_t *mutex)
{
    if (!shim_watched(CALL_pthread_mutex_consistent))
        return consistent(mutex);
    struct shim_call call;
    if (shim_begin(&call, CALL_pthread_mutex_consistent, (uint64_t[CALL_PARAMS_MAX]){(uint64_t)mutex},
                   CALLER))
        call.result = (uint64_t)consistent(mutex);
    return (int)shim_end(&call);
}

void shim_mutex_init(void)
{
    find_pthread_mutex_lock();
    find_pthread_mutex_trylock();
    find_pthread_mutex_timedlock();
    find_pthread_mutex_clocklock();
    find_pthread_mutex_unlock();
    find_pthread_mutex_consistent();
}
