/*
 * calls.h - the table of calls that can be failed and traced, made from calls.def. Constant data and pure
 * functions: shared by the shim, which links libc only, and by shmoo.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CALL_PARAMS_MAX = 6,
    CALL_SYSCALLS_MAX = 2,
    CALL_ERRORS_MAX = 14,
    CALL_NAME_MAX = 32,
    CALL_UNDER_MAX = 16
};

/* One number per row: CALL_shm_open, ..., CALL_COUNT. */
enum call_number {
#define CALL(name, ...)     CALL_##name,
#define CALL_OWN(name, ...) CALL_##name,
#define CALL_RAW(name, ...) CALL_##name,
#include "inject/calls.def"
#undef CALL
#undef CALL_OWN
#undef CALL_RAW
    CALL_COUNT
};

/* How a call says that it failed. */
enum call_failure {
    FAILURE_MINUS_ONE,    /* -1 (or MAP_FAILED) and errno */
    FAILURE_NULL_POINTER, /* NULL (SEM_FAILED) and errno */
    FAILURE_RETURNED,     /* the error itself; errno untouched */
};

/* Rules name a class as %shm, %map, ... */
enum call_class {
    CLASS_SHM,
    CLASS_MAP,
    CLASS_MQ,
    CLASS_SEM,
    CLASS_SYSV,
    CLASS_PIPE,
    CLASS_SIGNAL,
    CLASS_LOCK,
    CLASS_COUNT
};
extern const char *const call_class_names[CLASS_COUNT];

/* Which engines see the call. */
enum call_reach { REACH_PRELOAD = 1, REACH_SECCOMP = 2, REACH_BOTH = 3 };

/* What a parameter is; decides how it is decoded, and what conditions can be put on it. */
enum call_role {
    ROLE_NONE,
    ROLE_NAME, /* name of an object, as given to libc */
    ROLE_PATH,
    ROLE_FD,
    ROLE_DIR_FD,
    ROLE_FDS, /* where two new descriptors go */
    ROLE_SIZE,
    ROLE_OFFSET,
    ROLE_NUMBER,
    ROLE_MODE,
    ROLE_KEY,
    ROLE_ID,
    ROLE_PID,
    ROLE_SIGNO,
    ROLE_ADDRESS,
    ROLE_POINTER,
    ROLE_TIMEOUT,
    ROLE_CLOCK,
    ROLE_PRIORITY,
    ROLE_EVENT,
    ROLE_QUEUE_ATTR,
    ROLE_SEMOPS,
    ROLE_FCNTL_ARGUMENT,
    ROLE_SEM,
    ROLE_MUTEX,
    ROLE_COND,
    ROLE_RWLOCK,
    ROLE_MUTEX_ATTR,
    ROLE_BARRIER_ATTR,
    ROLE_SHM_COMMAND, /* commands: one of several values */
    ROLE_SEM_COMMAND,
    ROLE_MSG_COMMAND,
    ROLE_FCNTL_COMMAND,
    ROLE_LOCKF_COMMAND,
    ROLE_ADVICE,
    ROLE_OPEN_FLAGS, /* flags: bits */
    ROLE_PIPE_FLAGS,
    ROLE_EVENTFD_FLAGS,
    ROLE_SIGNALFD_FLAGS,
    ROLE_PIDFD_FLAGS,
    ROLE_FALLOCATE_FLAGS,
    ROLE_MEMFD_FLAGS,
    ROLE_PROT_FLAGS,
    ROLE_MAP_FLAGS,
    ROLE_MSYNC_FLAGS,
    ROLE_MREMAP_FLAGS,
    ROLE_MLOCK_FLAGS,
    ROLE_MLOCKALL_FLAGS,
    ROLE_IPC_FLAGS,
    ROLE_SHMAT_FLAGS,
    ROLE_MSG_FLAGS,
    ROLE_SOCKET_FLAGS,
    ROLE_FLOCK_FLAGS,
    ROLE_COUNT
};

/* What an engine found out about the objects behind the arguments; guards ask for these. */
enum call_state {
    STATE_NONBLOCK = 1 << 0,      /* the descriptor or the operation does not wait */
    STATE_BLOCKING = 1 << 1,      /* it does */
    STATE_SEALED = 1 << 2,        /* the seals of the file forbid the call */
    STATE_ABOVE_FSIZE = 1 << 3,   /* size above RLIMIT_FSIZE */
    STATE_CREATES = 1 << 4,       /* IPC_CREAT or IPC_PRIVATE */
    STATE_FD_GIVEN = 1 << 5,      /* descriptor argument is not -1 */
    STATE_REALTIME = 1 << 6,      /* a real-time signal */
    STATE_UNDO = 1 << 7,          /* SEM_UNDO in an operation */
    STATE_SHARED = 1 << 8,        /* a process-shared lock */
    STATE_ROBUST = 1 << 9,        /* a process-shared robust mutex */
    STATE_RECURSIVE = 1 << 10,    /* a process-shared recursive mutex */
    STATE_ERRORCHECK = 1 << 11,   /* a process-shared error-checking or robust mutex */
    STATE_DETECTING = 1 << 12,    /* a process-shared mutex that finds deadlocks */
    STATE_CEILING = 1 << 13,      /* a process-shared mutex with a priority ceiling */
    STATE_READ_ONLY = 1 << 14,    /* the descriptor cannot be written to */
    STATE_TOO_LONG = 1 << 15,     /* a message longer than the queue takes */
    STATE_INVALID = 1 << 16,      /* an argument out of its range: a time, clock, priority or flag */
    STATE_THREAD_EVENT = 1 << 17, /* a notification that starts a thread */
    STATE_FILE_MAPPING = 1 << 18, /* memory that writes to a file: a shared mapping, not of memory */
    STATE_READ_MAPPING = 1 << 19, /* a shared mapping of a file that was opened for reading */
    STATE_WAITABLE = 1 << 21,     /* an operation that others can hold up: none that gives something back */
    STATE_STRANGER = 1 << 22,     /* a process that is neither the caller nor its child */
    STATE_FULL = 1 << 23,         /* a semaphore at its largest value */
    STATE_BEYOND = 1 << 24,       /* an operation on a semaphore that its set does not have */
    STATE_HANDLER = 1 << 25,      /* the process has a handler for some signal */
    STATE_FOREIGN = 1 << 26,      /* the object or process is not known to be the caller's own */
    STATE_TOO_SHORT = 1 << 27,    /* room for less than the queue's messages may have */
    STATE_UNKNOWABLE = 1 << 20,   /* never set: the error needs "force" */
};

/* When an error is possible: everything that is not zero must hold. */
struct guard {
    uint64_t set;      /* flags that must all be there */
    uint64_t clear;    /* flags of which none may be there */
    uint64_t not_all;  /* flags that must not all be there */
    uint64_t commands; /* command is one of these, see call_command_bit() */
    uint32_t state;    /* STATE_ bits that must all hold */
    uint32_t fd_kinds; /* FD_ bits: the descriptor is one of these; 0: any */
    bool preload_only; /* libc's own, or what libc would turn into something else */
    uint8_t nonzero;   /* arguments (bit per index) that must not be 0 */
    struct {
        uint8_t argument; /* this argument ... */
        int64_t value;    /* ... is larger than this; none when 0 */
    } above;
};

struct call_error {
    int error; /* 0 ends the list */
    struct guard guard;
};

/* A system call the call becomes. */
struct call_syscall {
    char name[CALL_NAME_MAX]; /* "" ends the list */
    long number;
    uint8_t arguments[CALL_PARAMS_MAX]; /* index of the system call's argument for each parameter */
    char under[CALL_UNDER_MAX];         /* the name argument starts with this, and is given without it ... */
    char not_under[CALL_UNDER_MAX];     /* ... but not with this */
    uint8_t zero;                       /* system call arguments that must be 0 ... */
    uint8_t nonzero;                    /* ... that must not be 0 ... */
    uint8_t fifo;                       /* ... that must be a mode with S_IFIFO */
};
enum { ARGUMENT_NONE = 255 };

struct call_param {
    uint8_t role;
    char name[15];
};

/* No pointers: it would be relocated page by page in every program the shim is loaded into. */
struct call {
    char name[CALL_NAME_MAX];
    uint8_t failure;
    uint8_t class;
    uint8_t reach;
    uint8_t param_count;
    struct call_param params[CALL_PARAMS_MAX];
    struct call_syscall syscalls[CALL_SYSCALLS_MAX];
    struct call_error errors[CALL_ERRORS_MAX];
};

extern const struct call calls[CALL_COUNT];

/* Index of the first parameter with that role, or -1. */
int call_param(const struct call *call, enum call_role role);

/* Index of the name or path, of the flags or command, or -1. Where a call has two sets of flags, the last. */
int call_name_param(const struct call *call);
int call_flags_param(const struct call *call);

/*
 * True when a system call with these arguments is the call, as far as numbers tell: the path is for
 * call_path_fits(), where syscall->under is set. ret_arguments are then the parameters of the call.
 */
bool call_syscall_fits(const struct call *call, const struct call_syscall *syscall,
                       const uint64_t arguments[6], uint64_t ret_arguments[CALL_PARAMS_MAX]);

/* True when the path is one that the call gives this system call. Its start is enough: CALL_PATH_START bytes.
 */
bool call_path_fits(const struct call_syscall *syscall, const char *path);
enum { CALL_PATH_START = 32 };

/* The number of the call with that name, or -1. */
int call_find(const char *name, size_t length);

/* The row of errors of a call, or NULL when it cannot fail so. */
const struct call_error *call_error_find(const struct call *call, int error);

/* STATE_ bits that the guards of any of its errors ask for. */
uint32_t call_states(const struct call *call);

/* Bit for a command value in guard.commands. */
static inline uint64_t call_command_bit(uint64_t command)
{
    return 1ULL << (command < 48 ? command : 48 + (command & 15));
}

static inline bool call_role_is_flags(unsigned role)
{
    return role >= ROLE_OPEN_FLAGS;
}

static inline bool call_role_is_command(unsigned role)
{
    return role >= ROLE_SHM_COMMAND && role < ROLE_OPEN_FLAGS;
}

/*
 * True when rules for this call hold only for IPC objects unless they say otherwise: descriptors of files
 * and paths of files are everywhere, and failing those would test something else. A lock is IPC on any file.
 * `arguments` may be NULL: then any of them.
 */
bool call_ipc_only(unsigned number, const uint64_t *arguments);

/* True for the fcntl(2) commands whose argument is a struct flock. */
bool call_is_lock_command(uint64_t command);

/* The result a failed call gives, in the form wrappers return it. */
static inline uint64_t call_failed_result(const struct call *call, int error)
{
    return call->failure == FAILURE_MINUS_ONE  ? (uint64_t)-1
           : call->failure == FAILURE_RETURNED ? (uint64_t)error
                                               : 0;
}

/* The signal the kernel sends with an error of this call, or 0. */
int call_error_signal(unsigned number, int error, const uint64_t arguments[CALL_PARAMS_MAX]);

/* The error a result of the call stands for, or 0; `error` is errno after the call. */
int call_result_error(const struct call *call, uint64_t result, int error);
