/* creator.c - see creator.h. */
#include "inject/creator.h"

#include "inject/calls_headers.h"

/* How the arguments tell. */
enum how { NEVER, ALWAYS, BY_KEY, BY_FLAGS };

/* libc opens POSIX shared memory and queues with close-on-exec, so they have no flag for it here. */
static const struct maker {
    uint8_t how;
    bool gives_to_exec;     /* unless ... */
    uint32_t close_on_exec; /* ... this flag is set */
} makers[CALL_COUNT] = {
    [CALL_shmget] = {BY_KEY,   false, 0          },
    [CALL_semget] = {BY_KEY,   false, 0          },
    [CALL_msgget] = {BY_KEY,   false, 0          },
    [CALL_shm_open] = {BY_FLAGS, false, 0          },
    [CALL_sem_open] = {BY_FLAGS, false, 0          },
    [CALL_mq_open] = {BY_FLAGS, false, 0          },
    [CALL_open] = {BY_FLAGS, true,  O_CLOEXEC  },
    [CALL_openat] = {BY_FLAGS, true,  O_CLOEXEC  },
    [CALL_mkfifo] = {ALWAYS,   false, 0          },
    [CALL_mkfifoat] = {ALWAYS,   false, 0          },
    [CALL_memfd_create] = {ALWAYS,   true,  MFD_CLOEXEC},
    [CALL_pipe] = {ALWAYS,   true,  0          },
    [CALL_pipe2] = {ALWAYS,   true,  O_CLOEXEC  },
};

static enum creates by_flags(uint64_t flags, uint64_t create, uint64_t exclusive)
{
    if (!(flags & create))
        return CREATES_NOTHING;
    return flags & exclusive ? CREATES_SURELY : CREATES_PERHAPS;
}

enum creates call_creates(unsigned call, const uint64_t arguments[CALL_PARAMS_MAX])
{
    const struct call *row = &calls[call];
    int flags = call_flags_param(row);
    switch (makers[call].how) {
    case ALWAYS: return CREATES_SURELY;
    case BY_FLAGS: return by_flags(arguments[flags], O_CREAT, O_EXCL);
    case BY_KEY:
        if ((key_t)arguments[call_param(row, ROLE_KEY)] == IPC_PRIVATE)
            return CREATES_SURELY;
        return by_flags(arguments[flags], IPC_CREAT, IPC_EXCL);
    default: return CREATES_NOTHING;
    }
}

bool call_gives_to_exec(unsigned call, const uint64_t arguments[CALL_PARAMS_MAX])
{
    const struct maker *maker = &makers[call];
    int flags = call_flags_param(&calls[call]);
    return maker->gives_to_exec && !(flags >= 0 && (arguments[flags] & maker->close_on_exec));
}

bool call_may_create(unsigned call)
{
    return makers[call].how != NEVER;
}
