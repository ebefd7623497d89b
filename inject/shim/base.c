/*
 * base.c - what all of the shim stands on: the plan, the next definition of a function, and a way into the
 * kernel that no wrapper is in front of.
 */
#include "inject/shim/shim.h"

#include <dlfcn.h>
#include <stdarg.h>

static struct plan no_plan;
struct plan *shim_plan = &no_plan;
char shim_program_path[PATH_MAX];

void *shim_resolve(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

shim_syscall *shim_find_syscall(void)
{
    static shim_syscall *found;
    if (!found)
        found = (shim_syscall *)shim_resolve("syscall");
    return found;
}

long shim_raw(long number, ...)
{
    SHIM_READ_ARGUMENTS(number);
    return shim_find_syscall()(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
