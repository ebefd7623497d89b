/*
 * rule.h - one rule: which calls, under which conditions, when, and what then. A fixed layout without
 * pointers, because rules live in memory that unrelated processes share (plan.h). The text form is
 * documented in shmoo-rules(7); rule_parse.h reads it.
 */
#pragma once

#include "inject/calls.h"

#include <stdbool.h>
#include <stdint.h>

enum { RULE_NAME_MAX = 128, RULE_CALLER_MAX = 64, RULE_COMM_MAX = 16, RULE_TEXT_MAX = 256 };
enum { RULE_CALL_WORDS = 2 };
_Static_assert(CALL_COUNT <= RULE_CALL_WORDS * 64, "one bit per call");

enum rule_effect {
    EFFECT_ERROR = 1 << 0,
    EFFECT_RETVAL = 1 << 1,
    EFFECT_SIGNAL = 1 << 2,
    EFFECT_DELAY = 1 << 3,
    EFFECT_DELAY_AFTER = 1 << 4,
    EFFECT_SHORT = 1 << 5,
    EFFECT_CRASH_BEFORE = 1 << 6,
    EFFECT_CRASH_AFTER = 1 << 7,
};

/* What a descriptor refers to. */
enum fd_kind {
    FD_PIPE = 1 << 0,
    FD_FIFO = 1 << 1,
    FD_SOCKET = 1 << 2,
    FD_SHM = 1 << 3, /* a file in /dev/shm */
    FD_MEMFD = 1 << 4,
    FD_MQ = 1 << 5,
    FD_EVENTFD = 1 << 6,
    FD_SIGNALFD = 1 << 7,
    FD_PIDFD = 1 << 8,
    FD_OTHER = 1 << 9,
    FD_IPC = FD_OTHER - 1,
    FD_ANY = FD_OTHER | FD_IPC,
    FD_STREAM = FD_PIPE | FD_FIFO | FD_SOCKET,
    FD_WAITING = FD_STREAM | FD_EVENTFD | FD_SIGNALFD | FD_OTHER, /* reading and writing can wait */
    FD_FILE = FD_SHM | FD_MEMFD | FD_OTHER,                       /* or is one, as far as can be told */
};

enum rule_count { COUNT_TREE, COUNT_PROCESS, COUNT_THREAD };

/* thread=main and thread=!main; anything else is a pattern for the thread's name. */
enum rule_thread { THREAD_ANY, THREAD_MAIN, THREAD_NOT_MAIN, THREAD_NAMED };

struct rule {
    uint64_t calls[RULE_CALL_WORDS]; /* bit per call number */

    uint32_t effects; /* EFFECT_ bits */
    int32_t error;
    int64_t retval;
    int32_t signal;
    bool signal_after;
    bool force;           /* guards do not count */
    uint64_t delay;       /* nanoseconds */
    uint64_t delay_after; /* nanoseconds */
    uint64_t short_to;    /* bytes */

    uint64_t first, last, step; /* fires on the matches first, first+step, ... up to last; counted from 1 */
    uint64_t chance;            /* of 2^32; 2^32 is always */
    uint64_t seed;
    uint32_t count; /* enum rule_count */

    uint64_t size_min, size_max;
    uint64_t flags_set, flags_clear;
    int32_t fd;                   /* -1: any */
    uint32_t fd_kinds;            /* FD_ bits; 0: any, or only IPC where call_ipc_only() says so */
    uint64_t func_low, func_high; /* offsets in the caller's module; 0, 0: anywhere */
    uint64_t stack;               /* event.stack of the call, 0: any */
    uint32_t thread;              /* enum rule_thread */
    char name[RULE_NAME_MAX];     /* patterns; empty: any */
    char caller[RULE_CALLER_MAX];
    char func[RULE_CALLER_MAX]; /* resolved to func_low and func_high before the run */
    char proc[RULE_COMM_MAX];
    char thread_name[RULE_COMM_MAX];

    char text[RULE_TEXT_MAX]; /* as written, for listings */
};

static inline bool rule_has_call(const struct rule *rule, unsigned call)
{
    return rule->calls[call / 64] >> (call % 64) & 1;
}
