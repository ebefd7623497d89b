/*
 * engine_seccomp.h - injection below libc: a filter stops the system calls the rules name and asks us. For
 * static, Go and musl programs. The filter stays for the life of the program and its children; when we die
 * the kernel answers stopped calls with ENOSYS, so nothing hangs.
 */
#pragma once

#include "inject/plan.h"

#include <sys/types.h>

struct seccomp_engine;

/*
 * For the calls the plan watches now. An audit injects nothing: it counts, in plan->escaped, the calls that
 * the shim of the same run cannot have seen. Returns 0 or -errno.
 */
int seccomp_engine_new(struct plan *plan, bool audit, struct seccomp_engine **ret_engine);

/*
 * Before the program starts: its calls are logged with results and times. This stops it at all its system
 * calls, by ptrace(2). Where that is refused, they are not known.
 */
void seccomp_engine_want_returns(struct seccomp_engine *engine);

/* 0, or -errno of what keeps the results of calls from being known. */
int seccomp_engine_returns(const struct seccomp_engine *engine);

/* When the program has ended: logs what others that still run have not returned from. */
void seccomp_engine_settle(struct seccomp_engine *engine);

/* Programs that are still running go on without faults. */
void seccomp_engine_free(struct seccomp_engine *engine);

/* In the child, before exec: installs the filter and waits until we hold its listener. Returns 0 or -errno.
 */
int seccomp_engine_confine(struct seccomp_engine *engine);

/* In the parent: takes the listener of the child. Returns 0 or -errno when the child could not be confined.
 */
int seccomp_engine_attach(struct seccomp_engine *engine, pid_t pid);

/* The descriptor to poll for POLLIN, or -1. */
int seccomp_engine_fd(const struct seccomp_engine *engine);

/* Milliseconds until a delayed call is due, if sooner than `timeout` (-1: for ever). */
int seccomp_engine_timeout(const struct seccomp_engine *engine, int timeout);

/* Answers what waits (`readable`) and what is due. */
void seccomp_engine_serve(struct seccomp_engine *engine, bool readable);
