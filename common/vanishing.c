/*
 * vanishing.c - see vanishing.h. The handler passes on what is not its own; mmap(2) is no function that
 * signal handlers are promised, but a system call with nothing around it.
 */
#include "common/vanishing.h"

#include "common/array.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>

enum { FREE, CLAIMED }; /* a start that no memory has */

static struct {
    _Atomic uintptr_t start;
    _Atomic size_t size;
} regions[8];

static struct sigaction others;

static bool replace(uintptr_t address)
{
    for (size_t index = 0; index < COUNT_OF(regions); index++) {
        uintptr_t start = regions[index].start;
        size_t size = regions[index].size;
        if (start > CLAIMED && address - start < size)
            return mmap((void *)start, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) != MAP_FAILED;
    }
    return false;
}

/* What is not for us happens again, with the handler that was there before. */
static void on_bus_error(int signal, siginfo_t *info, void *context)
{
    int saved = errno;
    bool fault = info->si_code > 0;
    (void)context;
    if (!fault || !replace((uintptr_t)info->si_addr)) {
        sigaction(SIGBUS, &others, NULL);
        if (!fault)
            raise(signal);
    }
    errno = saved;
}

/* Each time, because others set handlers too. */
static void catch_bus_errors(void)
{
    struct sigaction ours = {.sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO};
    struct sigaction now;
    if (sigaction(SIGBUS, NULL, &now) == 0 && now.sa_sigaction != on_bus_error) {
        others = now;
        sigaction(SIGBUS, &ours, NULL);
    }
}

int vanishing_protect(void *memory, size_t size)
{
    for (size_t index = 0; index < COUNT_OF(regions); index++) {
        uintptr_t expected = FREE;
        if (!atomic_compare_exchange_strong(&regions[index].start, &expected, CLAIMED))
            continue;
        regions[index].size = size;
        regions[index].start = (uintptr_t)memory;
        catch_bus_errors();
        return 0;
    }
    return -ENOSPC;
}

void vanishing_release(void *memory)
{
    for (size_t index = 0; index < COUNT_OF(regions); index++) {
        uintptr_t expected = (uintptr_t)memory;
        if (atomic_compare_exchange_strong(&regions[index].start, &expected, FREE))
            return;
    }
}
