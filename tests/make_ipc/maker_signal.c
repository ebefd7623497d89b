/* maker_signal.c - processes with blocked signals, some of them pending, or that wait for signals. */
#include "tests/make_ipc/maker.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

struct signals {
    int number;
    uint64_t pending;
};

static sigset_t block(const struct signals *signals)
{
    sigset_t set;
    sigemptyset(&set);
    if (sigaddset(&set, signals->number) < 0 || sigprocmask(SIG_BLOCK, &set, NULL) < 0)
        die("sigprocmask");
    return set;
}

static void have_pending(void *context)
{
    const struct signals *signals = context;
    block(signals);
    for (uint64_t i = 0; i < signals->pending; i++)
        if (sigqueue(getpid(), signals->number, (union sigval){0}) < 0)
            die("sigqueue");
}

static void wait_for_signal(void *context)
{
    sigset_t set = block(context);
    about_to_wait();
    sigwaitinfo(&set, NULL);
}

static void make(struct making *making)
{
    struct signals signals = {.number = (int)want_number(making, "signal", (uint64_t)SIGRTMIN),
                              .pending = want_number(making, "pending", 0)};
    pid_t pid = want(making, "waiting")
                    ? add_waiter(making, "waiters", wait_for_signal, &signals, SYS_rt_sigtimedwait)
                    : add_process(making, "users", have_pending, &signals);
    print_object(making, "signal:%d", (int)pid);
    print_value(making, "signal", "%d", signals.number);
    print_value(making, "pending", "%llu", (unsigned long long)signals.pending);
}

static const struct maker_key keys[] = {
    {"signal",  "number of the signal it blocks (SIGRTMIN)" },
    {"pending", "times it is queued (once unless real-time)"},
    {"waiting", "it blocks in sigwaitinfo() instead"        },
    {NULL,      NULL                                        },
};

const struct maker maker_signal = {.kind = "signal", .keys = keys, .make = make};
