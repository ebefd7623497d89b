/* live_memory.c - words and strings out of the memory of a process. process_vm_readv(2) stops nobody. */
#include "probes/kernel_live.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

int live_memory(struct kernel *kernel, pid_t pid, uint64_t address, void *buffer, size_t length)
{
    struct iovec here = {.iov_base = buffer, .iov_len = length};
    struct iovec there = {.iov_base = (void *)(uintptr_t)address, .iov_len = length};
    if (kernel->foreign_pids)
        return -EXDEV;
    ssize_t got = process_vm_readv(pid, &here, 1, &there, 1, 0);
    if (got < 0)
        return -errno;
    return (size_t)got == length ? 0 : -EFAULT;
}

/* A page at a time, since the next one may not be there. */
int live_string(struct kernel *kernel, pid_t pid, uint64_t address, char *buffer, size_t room)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), length = 0;
    while (length < room) {
        size_t step = page - (address + length) % page;
        if (step > room - length)
            step = room - length;
        int r = live_memory(kernel, pid, address + length, buffer + length, step);
        if (r < 0)
            return r;
        if (memchr(buffer + length, '\0', step))
            return 0;
        length += step;
    }
    return -ENAMETOOLONG;
}
