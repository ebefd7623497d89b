/*
 * returns.h - how calls end that the seccomp supervisor let go on. Notifications tell of calls before they
 * are made and of nothing after that, so a thread of ours watches the command by ptrace(2), which stops it at
 * the end of each call. Nothing is changed by that way; a command that may not be watched runs all the same.
 */
#pragma once

#include "inject/plan.h"

#include <sys/types.h>

struct returns;

/*
 * Watches a process from now on, and all it starts. It must be our child that has not become the command yet.
 * Returns 0, or -errno when it cannot be watched: it may be refused (Yama), or a debugger's already.
 */
int returns_watch(struct plan *plan, pid_t pid, struct returns **ret_returns);

/* Before a call is let go on: logs it when it has returned. Returns 0, or -ENOMEM with nothing logged ever.
 */
int returns_expect(struct returns *returns, const struct event *event);

/* Lets go of all processes, and logs what has not returned. NULL is fine. */
void returns_free(struct returns *returns);
