/* run.c - see run.h. */
#include "inject/run.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "inject/engine_seccomp.h"
#include "inject/preload.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

enum { DRAIN_MS = 5, DEAD_WRITER_NS = 500000000 };

/* Sent to us, meant for the command. A terminal sends INT, QUIT and TSTP to the whole group, us included. */
static const int passed_on[] = {SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGWINCH};

struct watch {
    pid_t pid;
    int pidfd;
    int signals;
    uint64_t stuck_since; /* monotonic nanoseconds; an event was claimed and not written */
    struct plan_reader reader;
    _Atomic int *error; /* shared with the child: why it did not become the command */
};

/* What the command inherits of how signals are dealt with, besides what exec leaves of it. */
struct inherited {
    sigset_t mask;
    struct sigaction child; /* SIGCHLD: with SIG_IGN, there would be nothing for us to wait for */
};

_Noreturn static void become_command(const struct run *run, const struct inherited *inherited,
                                     _Atomic int *error)
{
    sigaction(SIGCHLD, &inherited->child, NULL); /* before a filter may stop it */
    int r = run->shim ? preload_set(run->shim, run->sanitizer, run->plan_path) : 0;
    if (r == 0 && run->seccomp) {
        r = seccomp_engine_confine(run->seccomp);
        if (run->seccomp_optional)
            r = 0;
    }
    if (r == 0) {
        sigprocmask(SIG_SETMASK, &inherited->mask, NULL);
        execvp(run->argv[0], run->argv);
        r = -errno;
    }
    *error = r;
    _exit(127);
}

/* A child that nobody would wait for, and that may wait for us. */
static int abandon(pid_t pid, int error)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    return error;
}

static int start(const struct run *run, const struct inherited *inherited, struct watch *watch)
{
    watch->pid = fork();
    if (watch->pid < 0)
        return -errno;
    if (watch->pid == 0)
        become_command(run, inherited, watch->error);
    watch->pidfd = pidfd_open(watch->pid, 0);
    if (watch->pidfd < 0)
        return abandon(watch->pid, -errno);
    int r = run->seccomp ? seccomp_engine_attach(run->seccomp, watch->pid) : 0;
    /* A child that could not be confined has said why in watch->error, and ended. */
    return r < 0 && r != -EINVAL ? abandon(watch->pid, r) : 0;
}

static void pass_signals(struct watch *watch)
{
    struct signalfd_siginfo info;
    while (read(watch->signals, &info, sizeof(info)) == sizeof(info)) {
        bool keyboard = info.ssi_signo == SIGINT || info.ssi_signo == SIGQUIT;
        if (!keyboard || info.ssi_code != SI_KERNEL)
            kill(watch->pid, (int)info.ssi_signo);
    }
}

static void drain(const struct run *run, struct watch *watch)
{
    struct event event;
    bool any = false;
    while (plan_read(&watch->reader, &event)) {
        any = true;
        if (run->sink.take)
            run->sink.take(run->sink.context, &event);
    }
    if (any || !plan_waits(&watch->reader)) {
        watch->stuck_since = 0;
        return;
    }
    uint64_t now = clock_nanoseconds(CLOCK_MONOTONIC);
    if (!watch->stuck_since)
        watch->stuck_since = now;
    else if (now - watch->stuck_since > DEAD_WRITER_NS)
        plan_skip(&watch->reader);
}

/* The count is bounded because the plan may hold nonsense. */
static void drain_rest(const struct run *run, struct watch *watch)
{
    drain(run, watch);
    for (uint32_t left = watch->reader.slot_count; left && plan_skip(&watch->reader); left--)
        drain(run, watch);
}

/* Until the command itself is gone; what it left running goes on without us. */
static void wait_for_command(const struct run *run, struct watch *watch)
{
    int listener = run->seccomp ? seccomp_engine_fd(run->seccomp) : -1;
    for (;;) {
        struct pollfd fds[] = {
            {listener,       POLLIN, 0},
            {watch->pidfd,   POLLIN, 0},
            {watch->signals, POLLIN, 0}
        };
        int timeout = watch->reader.slot_count ? DRAIN_MS : -1;
        if (run->seccomp)
            timeout = seccomp_engine_timeout(run->seccomp, timeout);
        poll(fds, COUNT_OF(fds), timeout);
        if (run->seccomp)
            seccomp_engine_serve(run->seccomp, fds[0].revents & POLLIN);
        if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
            listener = -1;
        if (fds[2].revents)
            pass_signals(watch);
        drain(run, watch);
        if (fds[1].revents)
            return;
    }
}

static int supervise(const struct run *run, const struct inherited *inherited, struct watch *watch,
                     int *ret_wait_status)
{
    int r = start(run, inherited, watch);
    if (r < 0)
        return r;
    wait_for_command(run, watch);
    if (waitpid(watch->pid, ret_wait_status, 0) < 0)
        return -errno;
    if (run->seccomp)
        seccomp_engine_settle(run->seccomp);
    drain_rest(run, watch);
    return *watch->error;
}

int run_command(const struct run *run, int *ret_wait_status)
{
    sigset_t taken;
    struct inherited inherited;
    sigemptyset(&taken);
    sigaddset(&taken, SIGINT);
    sigaddset(&taken, SIGQUIT);
    for (size_t index = 0; index < COUNT_OF(passed_on); index++)
        sigaddset(&taken, passed_on[index]);

    struct watch watch = {.pidfd = -1, .signals = -1, .reader = plan_reader_start(run->plan)};
    watch.error = mmap(NULL, sizeof(*watch.error), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (watch.error == MAP_FAILED)
        return -errno;
    watch.signals = signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);
    sigprocmask(SIG_BLOCK, &taken, &inherited.mask);
    sigaction(SIGCHLD, &(struct sigaction){.sa_handler = SIG_DFL}, &inherited.child);
    int r = supervise(run, &inherited, &watch, ret_wait_status);
    sigaction(SIGCHLD, &inherited.child, NULL);
    sigprocmask(SIG_SETMASK, &inherited.mask, NULL);
    cleanup_close(&watch.pidfd);
    cleanup_close(&watch.signals);
    munmap(watch.error, sizeof(*watch.error));
    return r;
}

int run_exit_code(int wait_status)
{
    return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}
