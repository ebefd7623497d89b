/*
 * remote.h - facts about a call that another process is stopped in, for the seccomp engine. Everything may
 * vanish or change while we look, and all of it is the other's to choose: bounds are ours.
 */
#pragma once

#include "inject/decide.h"
#include "inject/plan.h"

#include <limits.h>
#include <sys/types.h>

/* Where the strings that facts point to are kept. */
struct remote_strings {
    char name[PLAN_EVENT_NAME_MAX];
    char proc[RULE_COMM_MAX];
    char thread[RULE_COMM_MAX];
};

/* Copies bytes out of a thread's memory. Returns 0 or -errno; -EFAULT when some are not there. */
int remote_read(pid_t tid, uint64_t address, void *buffer, size_t size);

/* Copies a NUL-terminated string out of a thread's memory, cut to size. Returns 0 or -errno. */
int remote_string(pid_t tid, uint64_t address, char *buffer, size_t size);

/* The process a thread belongs to, or -errno. */
pid_t remote_process(pid_t tid);

/* The stack pointer and program counter of a thread that is stopped in a system call. Returns 0 or -errno. */
int remote_registers(pid_t tid, uint64_t *ret_stack_pointer, uint64_t *ret_program_counter);

/* A file mapped into a process, from its first mapping to its last. */
struct remote_module {
    uint64_t low, high;
    char name[NAME_MAX + 1]; /* without folders; empty for memory without a file */
};

/* What is mapped at an address. Returns 0, -ENOENT for nothing, or another -errno. */
int remote_module(pid_t pid, uint64_t address, struct remote_module *ret_module);

/* Finds out what is needed. */
void remote_facts(pid_t pid, pid_t tid, struct needs needs, struct facts *facts,
                  struct remote_strings *strings);
