/*
 * raw_syscall.c - syscall(2), the libc function: programs use it to reach a call without its wrapper. It is
 * judged by the rows the system call may stand for; results are -1 and errno whatever the row's own way is.
 */
#include "inject/shim/shim.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SYSCALLS_MAX = 512 };

/* First row (plus one) for each system call; 0 when none has it. */
static uint8_t first_row[SYSCALLS_MAX];
static atomic_bool rows_filled;
_Static_assert(CALL_COUNT < UINT8_MAX, "rows fit first_row");

void shim_syscall_init(void)
{
    shim_find_syscall();
}

/* Only for programs that use syscall(2): it reads all of a table that others need a page of. */
static void fill_first_rows(void)
{
    if (atomic_load_explicit(&rows_filled, memory_order_acquire))
        return;
    for (unsigned number = CALL_COUNT; number-- > 0;)
        for (unsigned which = 0; which < CALL_SYSCALLS_MAX && calls[number].syscalls[which].name[0];
             which++) {
            long syscall_number = calls[number].syscalls[which].number;
            if (syscall_number >= 0 && syscall_number < SYSCALLS_MAX)
                first_row[syscall_number] = (uint8_t)(number + 1);
        }
    atomic_store_explicit(&rows_filled, true, memory_order_release);
}

static bool path_fits(const struct call_syscall *system, const uint64_t parameters[], const struct call *row)
{
    char path[CALL_PATH_START];
    if (!system->under[0])
        return true;
    return shim_copy_string(path, sizeof(path), parameters[call_name_param(row)]) &&
           call_path_fits(system, path);
}

/* The watched row a system call stands for, with its parameters, or -1. */
static int watched_row(long number, const long a[6], uint64_t ret_parameters[CALL_PARAMS_MAX])
{
    fill_first_rows();
    if (number < 0 || number >= SYSCALLS_MAX || !first_row[number])
        return -1;
    for (unsigned row = first_row[number] - 1U; row < CALL_COUNT; row++) {
        if (!shim_watched(row))
            continue;
        for (unsigned which = 0; which < CALL_SYSCALLS_MAX && calls[row].syscalls[which].name[0]; which++) {
            const struct call_syscall *system = &calls[row].syscalls[which];
            if (system->number == number &&
                call_syscall_fits(&calls[row], system, (const uint64_t *)a, ret_parameters) &&
                path_fits(system, ret_parameters, &calls[row]))
                return (int)row;
        }
    }
    return -1;
}

SHIM_EXPORT long syscall(long number, ...)
{
    SHIM_READ_ARGUMENTS(number);
    uint64_t parameters[CALL_PARAMS_MAX];
    if (number == SYS_execve) /* whose wrapper keeps us loaded */
        return execve((const char *)a[0], (char *const *)a[1], (char *const *)a[2]);
    if (number == SYS_execveat)
        return execveat((int)a[0], (const char *)a[1], (char *const *)a[2], (char *const *)a[3], (int)a[4]);
    int row = watched_row(number, a, parameters);
    if (row < 0)
        return shim_find_syscall()(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    struct shim_call call;
    if (shim_begin(&call, (unsigned)row, parameters, __builtin_return_address(0)))
        call.result = (uint64_t)shim_find_syscall()(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    int error = call.injected ? call.rule->error : (long)call.result == -1 ? errno : 0;
    if (error)
        call.result = call_failed_result(&calls[row], error);
    shim_end(&call);
    if (!error)
        return (long)call.result;
    errno = error;
    return -1;
}
