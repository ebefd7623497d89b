/* trial.c - see trial.h: the world of a trial, and what is seen of it. */
#include "inject/sweep/trial.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "inject/sweep/environment.h"
#include "inject/sweep/hang.h"
#include "inject/sweep/left.h"
#include "inject/sweep/output.h"
#include "inject/sweep/trial_runner.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const uint64_t millisecond = 1000000;

/* --- the first process of the world --- */

/* Everything in the world but its first process. */
static void end_all(void)
{
    kill(-1, SIGKILL);
    while (waitpid(-1, NULL, __WALL) > 0 || errno == EINTR)
        ;
}

/* For descendants to finish. What would be reported gets the time of a whole run: the machine may be busy. */
static uint64_t grace(const struct trial_runner *runner)
{
    const struct target *target = runner->target;
    return runner->setting->diagnose && target->limit > target->grace ? target->limit : target->grace;
}

/* Lets descendants finish; says what is still there, then ends it. */
static void settle(struct trial_runner *runner)
{
    const struct timespec pause = {.tv_nsec = (long)millisecond};
    uint64_t deadline = clock_nanoseconds(CLOCK_MONOTONIC) + grace(runner);
    bool ended = run_was_ended(&runner->seen->run);
    for (;;) {
        pid_t pid = waitpid(-1, NULL, WNOHANG | __WALL);
        if (pid < 0)
            return;
        if (pid == 0 && (ended || clock_nanoseconds(CLOCK_MONOTONIC) > deadline))
            break;
        if (pid == 0)
            nanosleep(&pause, NULL);
    }
    if (!ended)
        runner->seen->processes_left =
            hang_list_processes(runner->seen->process_left, sizeof(runner->seen->process_left));
    end_all();
}

static void keep_output(struct trial_runner *runner, struct run_seen *run)
{
    output_read(runner->out, &run->out);
    output_read(runner->err, &run->err);
}

/* A line for the shell, before or after the command. */
static int run_shell(struct trial_runner *runner, const char *line)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        dup2(runner->in, 0);
        dup2(runner->in, 1);
        dup2(runner->err, 2);
        sigprocmask(SIG_SETMASK, &runner->target->signals, NULL);
        execl("/bin/sh", "sh", "-c", line, (char *)NULL);
        _exit(127);
    }
    return pid < 0 || waitpid(pid, &status, 0) < 0 ? -1 : status;
}

static uint64_t rules_fired(const struct plan *plan)
{
    uint64_t fired = 0;
    for (uint32_t number = 0; plan && number < plan_rule_count(plan); number++)
        fired += plan->rules[number].fired;
    return fired;
}

static void restart(struct trial_runner *runner)
{
    struct plan *plan = runner->setting->plan;
    for (uint32_t number = 0; plan && number < plan_rule_count(plan); number++)
        plan_switch(plan, number, PLAN_RULE_OFF);
    end_all();
    runner->seen->restarted = true;
    runner->seen->error = trial_run_command(runner, &runner->seen->again);
    keep_output(runner, &runner->seen->again);
}

/*
 * In a user namespace of its own the first process has every capability, and the command, which has none,
 * may then not look into it: the plan is one of its descriptors.
 */
static int drop_capabilities(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};
    if (syscall(SYS_capset, &header, none) < 0)
        return -errno;
    return prctl(PR_SET_DUMPABLE, 1) < 0 ? -errno : 0;
}

/* What was to be in the way, and whether it is. */
static bool furnish(struct trial_runner *runner, const struct environment *environment)
{
    struct seen *seen = runner->seen;
    if (!environment_furnish(environment, runner->target->learnt))
        return false;
    if (environment->plant != PLANT_NOTHING)
        left_list(seen->before, sizeof(seen->before), runner->target->paths);
    return true;
}

static int run_in_world(struct trial_runner *runner)
{
    const struct target *target = runner->target;
    const struct environment *environment = runner->setting->environment;
    struct seen *seen = runner->seen;
    int r = world_set_up(&runner->world);
    seen->error = 0;
    if (r == 0 && runner->world.uid)
        r = drop_capabilities();
    if (r < 0)
        return r;
    if (target->setup && run_shell(runner, target->setup) != 0)
        return -ECANCELED;
    seen->fired = environment && furnish(runner, environment);
    r = trial_run_command(runner, &seen->run);
    if (r < 0)
        return r;
    keep_output(runner, &seen->run);
    seen->fired |= rules_fired(runner->setting->plan) > 0;
    if (runner->setting->restart && seen->fired)
        restart(runner);
    settle(runner);
    seen->check_status = target->check ? run_shell(runner, target->check) : 0;
    left_list(seen->left, sizeof(seen->left), target->paths);
    left_remove_paths(target->paths);
    return seen->error;
}

static int world_main(void *argument)
{
    struct trial_runner *runner = argument;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    runner->seen->error = run_in_world(runner);
    _exit(0);
}

/* --- outside --- */

void trial_run(struct trial_runner *runner, const struct trial_setting *setting, struct trial_sink sink,
               struct seen *seen)
{
    memset(seen, 0, sizeof(*seen));
    runner->setting = setting;
    runner->sink = sink;
    runner->seen = seen;
    runner->reader = setting->plan ? plan_reader_start(setting->plan) : (struct plan_reader){0};
    environment_shape(setting->environment, &runner->world);
    if (!runner->world.shm_options)
        runner->world.shm_options = runner->shm_options;
    seen->error = -EPROTO;
    int flags = world_flags(&runner->world) | (world_shares_memory(&runner->world) ? CLONE_VM : 0);
    pid_t pid = clone(world_main, runner->world_stack + TRIAL_STACK, flags | CLONE_VFORK | SIGCHLD, runner);
    if (pid < 0)
        seen->error = -errno;
    else
        waitpid(pid, NULL, 0);
}

static char *new_stack(void)
{
    void *stack =
        mmap(NULL, TRIAL_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    return stack == MAP_FAILED ? NULL : stack;
}

int trial_runner_new(const struct target *target, struct trial_runner **ret_runner)
{
    struct trial_runner *runner = calloc(1, sizeof(*runner));
    if (!runner)
        return -ENOMEM;
    runner->target = target;
    runner->world = (struct world){
        .uid = geteuid(), .gid = getegid(), .private_tmp = target->learnt->private_tmp, .processes = true};
    snprintf(runner->shm_options, sizeof(runner->shm_options), "mode=1777,size=%llu",
             (unsigned long long)target->memory);
    runner->world_stack = new_stack();
    runner->command_stack = new_stack();
    runner->in = open(target->input ? target->input : "/dev/null", O_RDWR | O_CLOEXEC);
    if (runner->in < 0 && target->input)
        runner->in = open(target->input, O_RDONLY | O_CLOEXEC);
    runner->out = output_new();
    runner->err = output_new();
    if (runner->world_stack && runner->command_stack && runner->in >= 0 && runner->out >= 0 &&
        runner->err >= 0) {
        *ret_runner = runner;
        return 0;
    }
    int r = errno ? -errno : -ENOMEM;
    trial_runner_free(runner);
    return r;
}

void trial_runner_free(struct trial_runner *runner)
{
    if (!runner)
        return;
    if (runner->world_stack)
        munmap(runner->world_stack, TRIAL_STACK);
    if (runner->command_stack)
        munmap(runner->command_stack, TRIAL_STACK);
    cleanup_close(&runner->in);
    cleanup_close(&runner->out);
    cleanup_close(&runner->err);
    free(runner);
}
