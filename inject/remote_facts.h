/*
 * remote_facts.h - facts about a call that another process is stopped in, as its rules ask for them: what the
 * shim finds out from inside (shim/facts.c), for the seccomp engine.
 */
#pragma once

#include "inject/decide.h"
#include "inject/plan.h"

#include <sys/types.h>

/* Where the strings that facts point to are kept. */
struct remote_strings {
    char name[PLAN_EVENT_NAME_MAX];
    char proc[RULE_COMM_MAX];
    char thread[RULE_COMM_MAX];
};

/* Finds out what is needed. */
void remote_facts(pid_t pid, pid_t tid, struct needs needs, struct facts *facts,
                  struct remote_strings *strings);
