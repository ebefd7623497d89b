/* calls.c - expands calls.def into the table, see calls.h. */
#include "inject/calls.h"

#include "common/array.h"
#include "inject/calls_headers.h"
#include "inject/rule.h"

#include <signal.h>
#include <string.h>
#include <sys/syscall.h>

/* Old entry points that newer architectures do not have; no system call has this number. */
#ifndef SYS_open
#define SYS_open     -1
#define SYS_unlink   -1
#define SYS_pipe     -1
#define SYS_mknod    -1
#define SYS_eventfd  -1
#define SYS_signalfd -1
#endif

#define BIT(index)   (1U << (index))
#define CMD(command) (1ULL << ((command) < 48 ? (command) : 48 + ((command)&15)))
#define NONE         ARGUMENT_NONE
#define ARGS(...)   \
    {               \
        __VA_ARGS__ \
    }
#define S(call, map, ...)                                                    \
    {                                                                        \
        .name = #call, .number = SYS_##call, .arguments = map, ##__VA_ARGS__ \
    }
#define E(errnum, ...)  \
    {                   \
        errnum,         \
        {               \
            __VA_ARGS__ \
        }               \
    }
#define SYSCALLS(...) .syscalls = {__VA_ARGS__}
#define NO_SYSCALL    .syscalls = {{.name = ""}}
#define ERRORS(...)   .errors = {__VA_ARGS__}
#define PARAM(role, label)  \
    {                       \
        ROLE_##role, #label \
    }
#define P1(r1, t1, n1)             .param_count = 1, .params = {PARAM(r1, n1)}
#define P2(r1, t1, n1, r2, t2, n2) .param_count = 2, .params = {PARAM(r1, n1), PARAM(r2, n2)}
#define P3(r1, t1, n1, r2, t2, n2, r3, t3, n3) \
    .param_count = 3, .params = {PARAM(r1, n1), PARAM(r2, n2), PARAM(r3, n3)}
#define P4(r1, t1, n1, r2, t2, n2, r3, t3, n3, r4, t4, n4) \
    .param_count = 4, .params = {PARAM(r1, n1), PARAM(r2, n2), PARAM(r3, n3), PARAM(r4, n4)}
#define P5(r1, t1, n1, r2, t2, n2, r3, t3, n3, r4, t4, n4, r5, t5, n5) \
    .param_count = 5, .params = {PARAM(r1, n1), PARAM(r2, n2), PARAM(r3, n3), PARAM(r4, n4), PARAM(r5, n5)}
#define P6(r1, t1, n1, r2, t2, n2, r3, t3, n3, r4, t4, n4, r5, t5, n5, r6, t6, n6) \
    .param_count = 6,                                                              \
    .params = {PARAM(r1, n1), PARAM(r2, n2), PARAM(r3, n3), PARAM(r4, n4), PARAM(r5, n5), PARAM(r6, n6)}

const struct call calls[CALL_COUNT] = {
#define CALL(label, type, fails, group, engines, system, parameters, menu) \
    [CALL_##label] = {.name = #label,                                      \
                      .failure = FAILURE_##fails,                          \
                      .class = CLASS_##group,                              \
                      .reach = REACH_##engines,                            \
                      system,                                              \
                      parameters,                                          \
                      menu},
#define CALL_OWN CALL
#define CALL_RAW CALL
#include "inject/calls.def"
};

const char *const call_class_names[CLASS_COUNT] = {"shm",  "map",  "mq",     "sem",
                                                   "sysv", "pipe", "signal", "lock"};

int call_find(const char *name, size_t length)
{
    for (int number = 0; number < CALL_COUNT; number++)
        if (strlen(calls[number].name) == length && memcmp(calls[number].name, name, length) == 0)
            return number;
    return -1;
}

int call_param(const struct call *call, enum call_role role)
{
    for (int index = 0; index < call->param_count; index++)
        if (call->params[index].role == role)
            return index;
    return -1;
}

int call_name_param(const struct call *call)
{
    int index = call_param(call, ROLE_NAME);
    return index >= 0 ? index : call_param(call, ROLE_PATH);
}

int call_flags_param(const struct call *call)
{
    for (int index = call->param_count - 1; index >= 0; index--)
        if (call->params[index].role >= ROLE_SHM_COMMAND)
            return index;
    return -1;
}

const struct call_error *call_error_find(const struct call *call, int error)
{
    for (const struct call_error *row = call->errors; row < call->errors + CALL_ERRORS_MAX && row->error;
         row++)
        if (row->error == error)
            return row;
    return NULL;
}

uint32_t call_states(const struct call *call)
{
    uint32_t states = 0;
    for (const struct call_error *row = call->errors; row < call->errors + CALL_ERRORS_MAX && row->error;
         row++)
        states |= row->guard.state;
    return states;
}

bool call_is_lock_command(uint64_t command)
{
    static const int locks[] = {F_GETLK, F_SETLK, F_SETLKW, F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW};
    for (size_t index = 0; index < COUNT_OF(locks); index++)
        if ((int)command == locks[index])
            return true;
    return false;
}

bool call_ipc_only(unsigned number, const uint64_t *arguments)
{
    if (number == CALL_fcntl && arguments && call_is_lock_command(arguments[1]))
        return false;
    return number == CALL_read || number == CALL_write || number == CALL_close || number == CALL_fcntl ||
           number == CALL_open || number == CALL_openat;
}

int call_error_signal(unsigned number, int error, const uint64_t arguments[CALL_PARAMS_MAX])
{
    if (number == CALL_sendmsg && (arguments[2] & MSG_NOSIGNAL))
        return 0;
    if (error == EPIPE)
        return SIGPIPE;
    return error == EFBIG && number == CALL_ftruncate ? SIGXFSZ : 0;
}

int call_result_error(const struct call *call, uint64_t result, int error)
{
    if (call->failure == FAILURE_RETURNED)
        return (int)result;
    uint64_t failed = call->failure == FAILURE_MINUS_ONE ? (uint64_t)-1 : 0;
    return result == failed ? error : 0;
}

static bool starts(const char *path, const char *start)
{
    return strncmp(path, start, strlen(start)) == 0;
}

bool call_path_fits(const struct call_syscall *syscall, const char *path)
{
    return starts(path, syscall->under) && !(syscall->not_under[0] && starts(path, syscall->not_under));
}

bool call_syscall_fits(const struct call *call, const struct call_syscall *syscall,
                       const uint64_t arguments[6], uint64_t ret_arguments[CALL_PARAMS_MAX])
{
    for (unsigned index = 0; index < 6; index++) {
        if ((syscall->zero & BIT(index)) && arguments[index])
            return false;
        if ((syscall->nonzero & BIT(index)) && !arguments[index])
            return false;
        if ((syscall->fifo & BIT(index)) && !S_ISFIFO(arguments[index]))
            return false;
    }
    for (unsigned index = 0; index < CALL_PARAMS_MAX; index++) {
        bool given = index < call->param_count && syscall->arguments[index] < 6;
        ret_arguments[index] = given ? arguments[syscall->arguments[index]] : 0;
    }
    return true;
}
