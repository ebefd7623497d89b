/*
 * seccomp_call.h - a system call that the filter stopped: which row of calls.def it is, and what the rules
 * say to it. The decision is made here, engine_seccomp.c carries it out.
 */
#pragma once

#include "common/hash.h"
#include "inject/plan.h"
#include "inject/remote_facts.h"
#include "inject/remote_stack.h"

#include <linux/seccomp.h>

/* What one notification turned out to be. */
struct stopped {
    const struct seccomp_notif *notification;
    int listener;
    pid_t pid, tid;
    struct remote_stacks *stacks;
    struct facts facts;
    struct remote_strings strings;
    struct remote_stack stack; /* read when it was asked for */
    int rule;                  /* that fires, or -1 */
    bool traced;
    bool looked; /* at the caller, not only at its arguments */
};

/* Judges it by the rules, counting per process and thread in `counts`; fills in the rest of `stopped`. */
void stopped_judge(struct plan *plan, struct hash *counts, struct stopped *stopped);

/* Counts it in plan->escaped when a rule would have matched it, or it would have been traced. */
void stopped_escaped(struct plan *plan, struct stopped *stopped);

/* The call as the log has it; its result is known only when `rule` (or NULL) makes it up. */
struct event stopped_event(const struct plan *plan, const struct stopped *stopped, const struct rule *rule);
