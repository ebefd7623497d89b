/*
 * counters.c - numbers the matches of a rule: per process in a page that the kernel empties on fork, per
 * thread in thread-local storage.
 */
#include "inject/shim/shim.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct process_counters {
    _Atomic uint64_t matched[PLAN_RULES_MAX];
};

static struct process_counters shared_fallback;
static struct process_counters *of_process = &shared_fallback;

/* A child's only thread inherits its parent's block, so it says whose it is. */
static __thread struct {
    int tid;
    uint32_t matched[PLAN_RULES_MAX];
} of_thread;

void shim_counters_init(void)
{
    int saved = errno;
    size_t size = sizeof(struct process_counters);
    long address = shim_raw(SYS_mmap, NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (address != -1) {
        shim_raw(SYS_madvise, address, size, MADV_WIPEONFORK);
        of_process = (struct process_counters *)address;
    }
    errno = saved;
}

static uint64_t thread_ordinal(unsigned number)
{
    int tid = gettid();
    if (of_thread.tid != tid) {
        for (unsigned index = 0; index < PLAN_RULES_MAX; index++)
            of_thread.matched[index] = 0;
        of_thread.tid = tid;
    }
    return ++of_thread.matched[number];
}

uint64_t shim_ordinal(struct plan_rule *slot, unsigned number, void *context)
{
    (void)context;
    if (slot->rule.count == COUNT_THREAD)
        return thread_ordinal(number);
    return atomic_fetch_add(&of_process->matched[number], 1) + 1;
}
