/*
 * process.h - a process that uses an object, as found. A pid alone identifies nothing: pid and start time do.
 */
#pragma once

#include "probes/value.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct process {
    pid_t pid;
    pid_t through; /* what it is looked at through in /proc: pid, or a thread when the first has ended */
    pid_t parent;
    uid_t uid;
    char state;    /* as in /proc/PID/stat: R, S, D, Z, T, … */
    bool executed; /* it has executed a program since it was forked */
    uint32_t threads;
    uint64_t start;         /* nanoseconds since 1970 */
    uint64_t caught;        /* signals it has handlers for, bit 0 for 1; of one that waits, with verdicts */
    struct value comm;      /* strings; VALUE_NONE when not read */
    struct value command;   /* cmdline, its arguments separated by NUL */
    struct value container; /* short id from the cgroup path */
    int description_error;  /* errno of a refused look at command or container, or 0 */
    int namespace_error;    /* errno of a refused look at one of these, or 0 */
    uint64_t ipc_namespace; /* inodes, 0 when not readable */
    uint64_t mount_namespace;
    uint64_t pid_namespace;
};

/* What became of a process that an object remembers. */
enum verdict {
    VERDICT_NONE,    /* no pid is remembered */
    VERDICT_ALIVE,   /* a process of that pid exists, and nothing proves it another one */
    VERDICT_DEAD,    /* no such process, and all processes are visible */
    VERDICT_REUSED,  /* the process of that pid started after the object last heard of it */
    VERDICT_UNKNOWN, /* another pid namespace, or processes are hidden from this user */
};

/* "alive", "dead", "reused", "unknown", or "" for VERDICT_NONE. */
const char *verdict_name(enum verdict verdict);
