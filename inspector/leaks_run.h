/*
 * leaks_run.h - runs a command so that what it leaves behind can be told: in ipc and mount namespaces of its
 * own, with shmoo as the parent of all descendants that lose theirs.
 */
#pragma once

#include "common/array.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct attribution;

struct leaks_run {
    char *const *argv;
    struct attribution *attribution; /* that wants to see what the processes make, or NULL */
    bool output_aside;               /* standard output of the command goes to standard error */
    uint64_t timeout;                /* nanoseconds; 0: none */
    uint64_t grace;                  /* nanoseconds for descendants, once the command is done */
    sigset_t signals, mask;          /* set by leaks_hold_signals(): those held, and the mask before */
    /* Set by leaks_run() */
    int status;     /* of the command as a shell tells it; 124 when time was up */
    bool timed_out; /* the time was up */
    int signal;     /* that asked shmoo to end, or 0 */
};

/*
 * Moves this process into new ipc and mount namespaces with an empty /dev/shm and /dev/mqueue; an ordinary
 * user into a new user namespace too, with the same ids. They go when the process and its descendants do. 0
 * or -errno; after a failure some of it may be done.
 */
int leaks_enter_world(void);

/*
 * From here on, signals that ask shmoo to end wait until leaks_run() passes them on to the command: whatever
 * is made for the run is tidied up in any case. 0 or -errno.
 */
int leaks_hold_signals(struct leaks_run *run);

/* Runs the command and waits for it and, during the grace, for its descendants. 0 or -errno. */
int leaks_run(struct leaks_run *run);

typedef ARRAY(pid_t) pid_list;

/* The descendants that are still running. Returns 0 or -errno. */
int leaks_left_running(pid_list *ret_pids);

/* Ends all descendants and waits for them. */
void leaks_end_all(void);
