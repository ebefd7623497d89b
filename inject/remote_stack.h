/*
 * remote_stack.h - who called: the stack of a thread that is stopped in a system call, by libdw. Registers of
 * such a thread are ptrace(2)'s to read, so the unwinder gets the stack pointer and the program counter from
 * /proc/PID/syscall and memory from process_vm_readv(2): enough for code that finds its frames by the stack
 * pointer, and for the rest the stack ends early.
 */
#pragma once

#include "inject/plan.h"

#include <stdint.h>
#include <sys/types.h>

struct remote_stacks;

/* Return addresses, innermost first, from the one in the program that called libc (or what is libc in it). */
struct remote_stack {
    struct plan_frame frames[PLAN_FRAMES_MAX];
    uint32_t count;                     /* 0 when nothing is known */
    uint64_t hash;                      /* as the shim makes it, see shim/stack.c */
    char module[PLAN_EVENT_MODULE_MAX]; /* path of the first one's file; empty when unknown */
};

/* NULL when memory is out or libdw is missing. */
struct remote_stacks *remote_stacks_new(void);
void remote_stacks_free(struct remote_stacks *stacks);

/* Before an exec: what is mapped where is not true any more. */
void remote_stacks_forget(struct remote_stacks *stacks, pid_t pid);

/* The stack of a thread that is stopped on behalf of a row of calls.def; modules are put into plan.modules.
 */
void remote_stack_read(struct remote_stacks *stacks, struct plan *plan, pid_t pid, pid_t tid, unsigned call,
                       struct remote_stack *ret_stack);
