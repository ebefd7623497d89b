/* trial_command.c - one run of the command, see trial_runner.h. */
#include "inject/sweep/trial_runner.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "inject/engine_seccomp.h"
#include "inject/sweep/crash.h"
#include "inject/sweep/environment.h"
#include "inject/sweep/hang.h"
#include "inject/sweep/idle.h"
#include "inject/sweep/output.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <sys/pidfd.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

enum { POLL_MS = 50, DRAIN_MS = 2, IDLE_LOOKS = 4, RUNAWAY = 64 * 1024 * 1024 };

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

static void give_up(struct trial_runner *runner)
{
    if (runner->setting->diagnose)
        hang_explain(runner->target->shmoo, runner->seen->explanation, sizeof(runner->seen->explanation));
    kill(-1, SIGKILL);
}

/*
 * Most that hang can be told long before the time is up. Under diagnosis the time is given all the same: a
 * timer cannot be seen.
 */
static bool is_idle(const struct trial_runner *runner, unsigned *looks, uint64_t duration)
{
    if (runner->setting->diagnose || duration < runner->target->patience)
        return false;
    *looks = idle_world() ? *looks + 1 : 0;
    return *looks >= IDLE_LOOKS;
}

/* Until the command has ended, or was ended because time or room is up. */
static void watch(struct trial_runner *runner, struct seccomp_engine *engine, int pidfd, struct run_seen *run)
{
    uint64_t start = clock_nanoseconds(CLOCK_MONOTONIC);
    uint64_t deadline = start + runner->target->limit;
    unsigned idle = 0;
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
        run->timed_out |= clock_nanoseconds(CLOCK_MONOTONIC) > deadline ||
                          is_idle(runner, &idle, clock_nanoseconds(CLOCK_MONOTONIC) - start);
        run->runaway |= output_size(runner->out) > RUNAWAY || output_size(runner->err) > RUNAWAY;
        if (!ended && (run->timed_out || run->runaway)) {
            give_up(runner);
            ended = true;
        }
    }
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
    waitpid(pid, &run->wait_status, 0);
    drain(runner);
    return start.error;
}

static int run_traced(struct trial_runner *runner, struct run_seen *run)
{
    struct start start = {.runner = runner, .traced = true};
    pid_t pid = start_command(runner, &start);
    if (pid < 0)
        return pid;
    run->timed_out = !crash_watch(pid, clock_nanoseconds(CLOCK_MONOTONIC) + runner->target->limit,
                                  &run->wait_status, runner->seen);
    drain(runner);
    if (run->timed_out)
        give_up(runner);
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
