/*
 * launch.h - what `inject` and `trace` share: choosing the engine, the session, running, and saying
 * afterwards what was not seen. Only commands use this: it says on stderr what goes wrong.
 */
#pragma once

#include "inject/rule.h"
#include "inject/run.h"
#include "inject/session.h"

#include <stdbool.h>
#include <stdio.h>

struct launch {
    char *const *argv;
    const char *engine; /* "auto", "preload" or "seccomp" */
    const char *name;   /* of the session, or NULL */
    uint64_t seed;
    const struct rule *rules;
    size_t rule_count;
    uint64_t traced[RULE_CALL_WORDS]; /* bit per call to log whether a rule matches or not */
    bool log_faults;
    bool verbose;
    bool escapes; /* count calls that pass by the shim, also in programs that do not look like it */
    bool returns; /* under the seccomp engine, find out results and times as well */
    struct event_sink sink;
    /* Set up by launch_run() */
    struct session session;
    enum call_reach chosen;
    bool ran; /* the command, so that there is something to say about its calls */
};

/* Opens the file that events are written to, instead of one named before. Returns 0 or STATUS_FAILED. */
int launch_open_log(FILE **log, const char *path);

/*
 * Runs the command. Returns its exit status as a shell tells it, or STATUS_FAILED, said on stderr, when it
 * could not be run or nothing was armed. The session stays for the caller to read, then launch_end().
 */
int launch_run(struct launch *launch);
void launch_end(struct launch *launch);
