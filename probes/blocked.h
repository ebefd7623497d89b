/*
 * blocked.h - which system calls a thread can be blocked in for the sake of an IPC object, and what their
 * arguments lead to. The table is blocked.def.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum wait_target {
    WAIT_SEMAPHORES, /* first argument: System V semaphore set */
    WAIT_QUEUE,      /* first argument: System V message queue */
    WAIT_DESCRIPTOR, /* first argument: a descriptor */
    WAIT_TRANSFER,   /* first argument: a descriptor to read from; another is to write to */
    WAIT_FUTEX,      /* first argument: an address */
    WAIT_FUTEXES,    /* first argument: an array of struct futex_waitv, second their number */
    WAIT_OPEN,       /* second argument: a path, first a folder descriptor */
    WAIT_POLL,       /* first argument: an array of struct pollfd, second their number */
    WAIT_SELECT, /* sets of descriptors to read and to write, second and third argument, below the first */
    WAIT_EPOLL,  /* first argument: a descriptor of epoll */
};

struct wait_call {
    long number;
    const char *name;
    enum wait_target target;
    int timeout;       /* which argument says when it gives up, or -1 */
    bool milliseconds; /* that argument is a number rather than a pointer */
    int output;        /* of a transfer: which argument is the descriptor to write to */
};

/* A blocked system call of a thread. */
struct wait {
    pid_t tid;
    const struct wait_call *call;
    uint64_t arguments[6];
};

/* True when a thread may be blocked in the system call of this number for the sake of an IPC object. */
bool blocked_call(long number);

/*
 * Parses /proc/PID/task/TID/syscall. True when the thread is blocked in one of the calls above; the tid is
 * left to the caller. "running" and calls that never wait for an IPC object give false.
 */
bool blocked_parse(const char *text, struct wait *ret_wait);

/* Whether the call gives up by itself some time. */
static inline bool wait_is_timed(const struct wait *wait)
{
    if (wait->call->timeout < 0)
        return false;
    uint64_t timeout = wait->arguments[wait->call->timeout];
    return wait->call->milliseconds ? (int32_t)timeout >= 0 : timeout != 0;
}
