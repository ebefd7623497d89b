/*
 * trap_filter.h - the seccomp filter that stops system calls for the supervisor. libseccomp makes it; it is
 * installed by seccomp(2) itself, because libseccomp 2.5 does not know
 * SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV.
 */
#pragma once

#include "inject/plan.h"

#include <linux/filter.h>

struct trap_filter {
    struct sock_filter *code;
    unsigned short length;
};

/*
 * Stops only what the plan's rules name, and exec too, because it moves the loader. With `trapped`, the calls
 * are noted in plan->trapped. Returns 0 or -errno; free with trap_filter_free().
 */
int trap_filter_build(struct plan *plan, bool trapped, struct trap_filter *ret_filter);
void trap_filter_free(struct trap_filter *filter);

/* In the child before exec: installs the filter. Returns its listener, or -errno. */
int trap_filter_install(const struct trap_filter *filter);
