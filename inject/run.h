/*
 * run.h - starts a command under an engine, passes signals on, hands its events to a sink, and waits.
 */
#pragma once

#include "inject/plan.h"

struct seccomp_engine;

struct event_sink {
    void (*take)(void *context, const struct event *event);
    void *context;
};

struct run {
    char *const *argv;
    const char *shim;      /* to put in LD_PRELOAD, or NULL */
    const char *sanitizer; /* to put in front of it, or "" */
    const char *plan_path; /* for the shim; NULL without */
    struct plan *plan;
    struct seccomp_engine *seccomp; /* or NULL */
    bool seccomp_optional;          /* run without it where it cannot be set up */
    struct event_sink sink;
};

/* Returns 0 with the wait status of the command, or -errno when it could not be started. */
int run_command(const struct run *run, int *ret_wait_status);

/* A wait status as a shell tells it: 128 + signal for a command that a signal ended. */
int run_exit_code(int wait_status);
