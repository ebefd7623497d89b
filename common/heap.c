/* heap.c - see heap.h, mallopt(3) and madvise(2). Whatever of it fails, memory is only had more slowly. */
#include "common/heap.h"

#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MIB = 1024 * 1024, HUGE_PAGE = 2 * MIB, STEP = 8 * MIB, LARGEST = 32 * MIB };

void heap_expect_much(void)
{
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_TOP_PAD, STEP);
    mallopt(M_MMAP_THRESHOLD, LARGEST);
    mallopt(M_TRIM_THRESHOLD, LARGEST);
    /* Malloc goes on behind what others take of the heap: from the start of a huge page. */
    uintptr_t end = (uintptr_t)sbrk(0);
    if (sbrk((intptr_t)(HUGE_PAGE - end % HUGE_PAGE)) == (void *)-1)
        return;
    char *start = sbrk(0);
    void *volatile first = malloc(MIB); /* volatile, or the compiler sees that nobody uses it */
    ptrdiff_t taken = (char *)sbrk(0) - start;
    if (taken > 0)
        madvise(start, (size_t)taken, MADV_HUGEPAGE);
    free(first);
}
