/* trap_filter.c - see trap_filter.h and seccomp(2). */
#include "inject/trap_filter.h"

#include "common/cleanup.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void cleanup_seccomp(scmp_filter_ctx *context)
{
    if (*context)
        seccomp_release(*context);
}

static int stop_syscall(scmp_filter_ctx context, long number)
{
    if (number < 0)
        return 0;
    int r = seccomp_rule_add(context, SCMP_ACT_NOTIFY, (int)number, 0);
    return r == -EEXIST ? 0 : r;
}

static int stop_call(scmp_filter_ctx context, const struct call *call)
{
    int r = 0;
    for (unsigned which = 0; which < CALL_SYSCALLS_MAX && call->syscalls[which].name[0] && r == 0; which++)
        r = stop_syscall(context, call->syscalls[which].number);
    return r;
}

static int stop_watched(scmp_filter_ctx context, struct plan *plan, bool trapped)
{
    int r = stop_syscall(context, SYS_execve);
    if (r == 0)
        r = stop_syscall(context, SYS_execveat);
    for (unsigned number = 0; number < CALL_COUNT && r == 0; number++) {
        if (!plan->watch[number].rules || !(calls[number].reach & REACH_SECCOMP))
            continue;
        if (trapped)
            plan->trapped[number / 64] |= 1ULL << (number % 64);
        r = stop_call(context, &calls[number]);
    }
    return r;
}

/* libseccomp writes programs to descriptors only. */
static int export_code(scmp_filter_ctx context, struct trap_filter *ret_filter)
{
    AUTO_CLOSE int fd = memfd_create("shmoo-filter", MFD_CLOEXEC);
    struct stat status;
    if (fd < 0)
        return -errno;
    int r = seccomp_export_bpf(context, fd);
    if (r < 0)
        return r;
    if (fstat(fd, &status) < 0)
        return -errno;
    size_t size = (size_t)status.st_size;
    struct sock_filter *code = malloc(size);
    if (!code)
        return -ENOMEM;
    if (pread(fd, code, size, 0) != status.st_size) {
        free(code);
        return -EIO;
    }
    *ret_filter = (struct trap_filter){code, (unsigned short)(size / sizeof(*code))};
    return 0;
}

int trap_filter_build(struct plan *plan, bool trapped, struct trap_filter *ret_filter)
{
    CLEANUP(cleanup_seccomp) scmp_filter_ctx context = seccomp_init(SCMP_ACT_ALLOW);
    if (!context)
        return -ENOMEM;
    int r = seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW);
    if (r == 0)
        r = stop_watched(context, plan, trapped);
    return r < 0 ? r : export_code(context, ret_filter);
}

void trap_filter_free(struct trap_filter *filter)
{
    free(filter->code);
    *filter = (struct trap_filter){0};
}

/*
 * Without WAIT_KILLABLE_RECV (Linux 5.19) a signal that comes while the supervisor looks at a call ends that
 * call with EINTR, or makes it again: calls would fail as they never do, and be counted twice.
 */
int trap_filter_install(const struct trap_filter *filter)
{
    struct sock_fprog program = {.len = filter->length, .filter = filter->code};
    unsigned long listener = SECCOMP_FILTER_FLAG_NEW_LISTENER;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return -errno;
    long fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, listener | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
                      &program);
    if (fd < 0 && errno == EINVAL)
        fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, listener, &program);
    return fd < 0 ? -errno : (int)fd;
}
