/*
 * glibc_semaphore.h - what sem_open(3) writes into sem.NAME on 64-bit machines: struct new_sem, with the
 * value in the low and the waiters in the high word, then whether it is shared, and zeros (sem_open() in
 * glibc).
 */
#pragma once

#include "common/array.h"
#include "probes/kernel.h"

#include <string.h>

struct glibc_semaphore {
    uint32_t value, waiters;
    int32_t private;
    int32_t pad[5];
};

/* What sem_open() stores in `private`: LLL_SHARED. */
enum { GLIBC_SHARED = 128 };

_Static_assert(sizeof(struct glibc_semaphore) == sizeof(((struct shm_file *)0)->head), "as much as is read");

/* False when the file is of any other form. */
static inline bool glibc_semaphore(const struct shm_file *file, struct glibc_semaphore *ret_semaphore)
{
    static const int32_t zeros[COUNT_OF(((struct glibc_semaphore *)0)->pad)];
    struct glibc_semaphore read;
    if (file->head_length != sizeof(read) || file->status.size != sizeof(read))
        return false;
    memcpy(&read, file->head, sizeof(read));
    if (read.private != GLIBC_SHARED || memcmp(read.pad, zeros, sizeof(zeros)) != 0)
        return false;
    *ret_semaphore = read;
    return true;
}
