/* waits_sample.h - which waits did not move between two looks at the machine. */
#pragma once

#include "common/array.h"
#include "inspector/waits.h"

struct kernel;

/* What is remembered of one wait. */
struct wait_mark {
    pid_t pid, tid;
    uint64_t start;    /* of the process */
    const char *label; /* of the object: the snapshot's */
    uint64_t runs;     /* how often the thread has run; 0 when not known */
};

typedef ARRAY(struct wait_mark) wait_marks;

/*
 * Remembers the waits, and sets how long each thread has not run where the kernel tells (sched(7) debugging).
 * Returns 0 or -ENOMEM.
 */
int waits_mark(struct kernel *kernel, struct waits *waits, wait_marks *ret_marks);

/* Whether the wait was there at the first look, and its thread has not run since. */
bool wait_has_stayed(const wait_marks *before, const wait_marks *now, const struct waiting *waiting);
