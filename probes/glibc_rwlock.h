/*
 * glibc_rwlock.h - a process-shared pthread_rwlock_t on 64-bit machines: struct __pthread_rwlock_arch_t in
 * glibc's struct_rwlock.h. Threads wait on one of its two futexes; the thread that writes leaves its number
 * in it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct glibc_rwlock {
    uint32_t readers; /* a count above three bits: it is the writers' turn, a writer has it, readers wait */
    uint32_t writers;
    uint32_t phase_futex, writers_futex; /* a bit, and whether threads wait */
    uint32_t zeros[2];
    int32_t writer; /* thread number */
    int32_t shared;
    uint64_t more_zeros[2];
    uint32_t preference; /* PTHREAD_RWLOCK_PREFER_... */
    uint32_t end;
};

/* Whether the bytes are such a lock and a writer has it; other words are not to be taken for one. */
static inline bool glibc_rwlock_has_writer(const struct glibc_rwlock *lock)
{
    enum { PHASE = 1, WRITING = 2, FUTEX_MAX = 3, PREFERENCES = 3, TID_MAX = 0x3fffffff };
    return (lock->readers & (PHASE | WRITING)) == (PHASE | WRITING) && lock->phase_futex <= FUTEX_MAX &&
           lock->writers_futex <= FUTEX_MAX && !lock->zeros[0] && !lock->zeros[1] && lock->writer > 0 &&
           lock->writer <= TID_MAX && lock->shared == 1 && !lock->more_zeros[0] && !lock->more_zeros[1] &&
           lock->preference < PREFERENCES;
}
