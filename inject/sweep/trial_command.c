/* trial_command.c - one run of the command, see trial_runner.h. */
#include "inject/sweep/trial_runner.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "inject/engine_seccomp.h"
#include "inject/sweep/crash.h"
#include "inject/sweep/environment.h"
#include "inject/sweep/output.h"
#include "inject/sweep/patience.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <sys/pidfd.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { POLL_MS = 20, DRAIN_MS = 2 };

/* What becomes the command, and how that went. */
struct start {
    struct trial_runner *runner;
    struct seccomp_engine *engine; /* or NULL */
    bool traced;
    int error;
};

static void cleanup_engine(struct seccomp_engine **engine)
{
    seccomp_engine_free(*engine);
}

/* --- the process that becomes the command; it shares our memory until then --- */

/* What the shim and the plan take of the command's address space. */
static uint64_t our_space(const struct trial_runner *runner)
{
    const uint64_t page = (uint64_t)getpagesize();
    return runner->target->learnt->own_space + (runner->setting->plan->size + page - 1) / page * page;
}

static int become(struct start *start)
{
    struct trial_runner *runner = start->runner;
    const struct target *target = runner->target;
    const struct environment *environment = runner->setting->environment;
    if (lseek(runner->in, 0, SEEK_SET) < 0 && errno != ESPIPE)
        return -errno;
    if (dup2(runner->in, 0) < 0 || dup2(runner->out, 1) < 0 || dup2(runner->err, 2) < 0)
        return -errno;
    if (start->traced && ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
        return -errno;
    int r = start->engine ? seccomp_engine_confine(start->engine) : 0;
    if (r == 0 && environment)
        r = environment_limit(environment, target->learnt, our_space(runner));
    if (r < 0)
        return r;
    sigprocmask(SIG_SETMASK, &target->signals, NULL);
    execvpe(target->argv[0], target->argv, target->environment);
    return -errno;
}

static int command_main(void *argument)
{
    struct start *start = argument;
    start->error = become(start);
    _exit(127);
}

/* The seccomp engine talks to the command before it is one, so there the maker may not be suspended. */
static pid_t start_command(struct trial_runner *runner, struct start *start)
{
    char *top = runner->command_stack + TRIAL_STACK;
    int how = start->engine ? SIGCHLD : CLONE_VM | CLONE_VFORK | SIGCHLD;
    pid_t pid = clone(command_main, top, how, start);
    if (pid > 0 && start->engine)
        seccomp_engine_attach(start->engine, pid);
    return pid < 0 ? -errno : pid;
}

/* --- the first process of the world --- */

static void drain(struct trial_runner *runner)
{
    struct event event;
    while (plan_read(&runner->reader, &event))
        if (runner->sink.take)
            runner->sink.take(runner->sink.context, &event);
}

/* Until the command has ended, or was ended because waiting is over. */
static void watch(struct trial_runner *runner, struct seccomp_engine *engine, int pidfd, struct run_seen *run)
{
    struct patience patience = patience_start(runner, run);
    int listener = engine ? seccomp_engine_fd(engine) : -1;
    for (bool ended = false;;) {
        struct pollfd fds[] = {
            {pidfd,    POLLIN, 0},
            {listener, POLLIN, 0}
        };
        int timeout = runner->reader.slot_count ? DRAIN_MS : POLL_MS;
        poll(fds, COUNT_OF(fds), engine ? seccomp_engine_timeout(engine, timeout) : timeout);
        if (engine)
            seccomp_engine_serve(engine, fds[1].revents & POLLIN);
        if (fds[1].revents & (POLLHUP | POLLERR | POLLNVAL))
            listener = -1;
        drain(runner);
        if (fds[0].revents)
            return;
        if (!ended && patience_ended(&patience)) {
            kill(-1, SIGKILL);
            ended = true;
        }
    }
}

/* How it ended, and how large it was. */
static void collect(pid_t pid, struct run_seen *run)
{
    struct rusage usage;
    if (wait4(pid, &run->wait_status, 0, &usage) == pid)
        run->memory_peak = (uint64_t)usage.ru_maxrss * 1024;
}

static int run_untraced(struct trial_runner *runner, struct run_seen *run)
{
    CLEANUP(cleanup_engine) struct seccomp_engine *engine = NULL;
    if (runner->target->engine == REACH_SECCOMP && runner->setting->plan) {
        int r = seccomp_engine_new(runner->setting->plan, false, &engine);
        if (r < 0)
            return r;
    }
    struct start start = {.runner = runner, .engine = engine};
    pid_t pid = start_command(runner, &start);
    if (pid < 0)
        return pid;
    AUTO_CLOSE int pidfd = pidfd_open(pid, 0);
    if (pidfd < 0)
        return -errno;
    watch(runner, engine, pidfd, run);
    collect(pid, run);
    drain(runner);
    return start.error;
}

static int run_traced(struct trial_runner *runner, struct run_seen *run)
{
    struct start start = {.runner = runner, .traced = true};
    pid_t pid = start_command(runner, &start);
    if (pid < 0)
        return pid;
    struct patience patience = patience_start(runner, run);
    if (!crash_watch(pid, &patience, &run->wait_status, runner->seen))
        kill(-1, SIGKILL);
    drain(runner);
    return start.error;
}

int trial_run_command(struct trial_runner *runner, struct run_seen *run)
{
    bool traced = runner->setting->diagnose && runner->target->engine == REACH_PRELOAD;
    uint64_t start = clock_nanoseconds(CLOCK_MONOTONIC);
    output_clear(runner->out);
    output_clear(runner->err);
    int r = traced ? run_traced(runner, run) : run_untraced(runner, run);
    run->duration = clock_nanoseconds(CLOCK_MONOTONIC) - start;
    return r;
}
