/*
 * startup.h - whether a program under the seccomp engine has got to its own code yet. What the start-up code
 * of a static libc, of musl's loader or of Go does is not the program's, and failing it proves nothing.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct startup {
    bool running; /* false: the program runs, or it cannot be told */
    bool known;   /* the rest is filled in */
    bool ends;    /* start-up is over when a return address on the stack is in the range; else when none is */
    uint64_t low, high;
    uint64_t entry; /* an address in the range that is on every stack */
};

/* For a process that is about to exec. */
#define STARTUP_BEGIN ((struct startup){.running = true})

/* True while the thread, stopped in a system call, is still in start-up. */
bool startup_goes_on(struct startup *startup, pid_t pid, pid_t tid);
