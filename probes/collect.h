/*
 * collect.h - makes a snapshot of what a kernel answers, reading only what is asked for.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct kernel;
struct snapshot;

enum need {
    NEED_USERS = 1,     /* who maps and opens what */
    NEED_WAITERS = 2,   /* which threads are blocked in which call */
    NEED_VALUES = 4,    /* semaphore values, pipe fill, queue attributes: a call or more for each object */
    NEED_VERDICTS = 8,  /* whether remembered pids are alive */
    NEED_COMMANDS = 16, /* command lines and namespaces of processes */
    NEED_ALL = 31,
    NEED_NOTIFY = 32, /* what only a read of a queue's file tells, which sets the queue's atime and ctime */
};

struct request {
    uint64_t kinds; /* KIND_BIT()s */
    unsigned needs;
    bool all_namespaces;
    bool unused; /* nobody can use what is there: processes are not looked at, whatever kinds and needs say */
};

/* A new snapshot, to be freed with snapshot_free(). -ENOMEM, or the error of a /proc that cannot be read. */
int snapshot_collect(struct kernel *kernel, const struct request *request, struct snapshot **ret_snapshot);
