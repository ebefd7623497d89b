/*
 * remote.h - reads another process that is stopped in a call, for the seccomp engine. Everything may vanish
 * or change while we look, and all of it is the other's to choose: bounds are ours.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

struct scan;

/* Copies bytes out of a thread's memory. Returns 0 or -errno; -EFAULT when some are not there. */
int remote_read(pid_t tid, uint64_t address, void *buffer, size_t size);

/* Copies a NUL-terminated string out of a thread's memory, cut to size. Returns 0 or -errno. */
int remote_string(pid_t tid, uint64_t address, char *buffer, size_t size);

/* Opens /proc/PID/NAME; NULL when it is not there. */
FILE *remote_file(pid_t pid, const char *name);

enum { REMOTE_LINE_SIZE = 128 };

/*
 * What follows `field`, which is "NAME:\t", in the file /proc/PID/NAME of such lines; `line` is its memory.
 * False when it is not there.
 */
bool remote_field(pid_t pid, const char *name, const char *field, char line[REMOTE_LINE_SIZE],
                  struct scan *ret_scan);

/* A set of signals or capabilities in the status of a process, such as "SigCgt:\t"; empty when it is gone. */
uint64_t remote_set(pid_t pid, const char *field);

/* True when a thread is in our ipc namespace, so that ids mean the same. */
bool remote_shares_ipc(pid_t tid);

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
