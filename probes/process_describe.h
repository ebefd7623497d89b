/* process_describe.h - what a process is: who runs it since when, in which namespaces, and through which
 * thread to look. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct arena;
struct glance;
struct kernel;
struct kernel_clock;
struct process;
struct strbuf;

/* What the kernel tells of it without a file being read, see kernel.h; -ENOTSUP when nothing. */
int process_glance(struct kernel *kernel, pid_t pid, struct glance *ret_glance);

/*
 * The same, from its stat where there is no glance, and the thread to look through (process->through).
 * Strings of the answer may be in `text`, which must outlive it. Returns 0 or -errno.
 */
int process_see(struct kernel *kernel, pid_t pid, struct strbuf *text, struct glance *ret_glance);

/* A zombie, or a process whose first thread has ended. */
bool process_has_ended(const struct process *process);

/* Process details: start, comm, uid and, when asked for, command line, namespaces and container. */
int process_describe(struct kernel *kernel, unsigned needs, const struct kernel_clock *clock,
                     struct arena *arena, pid_t pid, struct process *ret_process);
