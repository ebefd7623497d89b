/*
 * sandbox.h - the seccomp filter that commands put on themselves: whatever those which only look are tricked
 * into, they cannot start programs, write, remove or connect; the dashboard can do what its keys do, no more.
 * See seccomp(2).
 */
#pragma once

enum {
    SANDBOX_NAMESPACES = 1, /* setns() into other ipc namespaces is allowed */
    SANDBOX_RECORDING = 2,  /* new files may be written, none through a link, and none removed */
    SANDBOX_ONE_THREAD = 4, /* only the calling thread and those it starts enter it */
    SANDBOX_REPLACING = 8,  /* a new file may be written and renamed over another */
    SANDBOX_SERVING = 16,   /* connections to a listening socket may be accepted and answered */
    SANDBOX_DASHBOARD = 32, /* modes of the terminal, stopping, settings, switches of running injections */
    SANDBOX_REMOVING = 64,  /* objects may be removed */
};

/*
 * Enters it for good, all threads included; what is open stays usable. A system call that is not allowed
 * fails with EPERM. Returns 0 or -errno; -ENOSYS or -EINVAL where the kernel has no seccomp.
 */
int sandbox_enter(unsigned flags);
