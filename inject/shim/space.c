/*
 * space.c - how large the program's address space is, as RLIMIT_AS counts it (proc(5), statm), without what
 * we take of it. For sweeps, which end it at the program's largest mapping.
 */
#include "inject/shim/shim.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

uint64_t shim_own_space(void)
{
    const uint64_t page = (uint64_t)getpagesize();
    struct dl_find_object object;
    uint64_t own = (shim_plan->size + page - 1) / page * page;
    if (_dl_find_object((void *)(uintptr_t)shim_own_space, &object) == 0)
        own += (uint64_t)((char *)object.dlfo_map_end - (char *)object.dlfo_map_start);
    return own;
}

uint64_t shim_space(void)
{
    char text[32];
    uint64_t pages = 0;
    int fd = (int)shim_raw(SYS_openat, AT_FDCWD, "/proc/self/statm", O_RDONLY | O_CLOEXEC);
    long length = fd < 0 ? 0 : shim_raw(SYS_read, fd, text, sizeof(text));
    if (fd >= 0)
        shim_raw(SYS_close, fd);
    for (long index = 0; index < length && text[index] >= '0' && text[index] <= '9'; index++)
        pages = 10 * pages + (uint64_t)(text[index] - '0');
    uint64_t all = pages * (uint64_t)getpagesize();
    return all > shim_own_space() ? all - shim_own_space() : 0;
}
