/*
 * leaks_run.c - see leaks_run.h. Signals are taken one by one with sigtimedwait(2), so that none interrupts
 * anything: whoever asks shmoo to end asks the command, and then all is reported and removed as ever.
 */
#include "inspector/leaks_run.h"

#include "common/cleanup.h"
#include "common/cli.h"
#include "common/clock.h"
#include "common/strbuf.h"
#include "inspector/attribution.h"
#include "probes/parse.h"
#include "probes/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STATUS_TIMED_OUT = 124, STATUS_NOT_FOUND = 127, STATUS_NOT_RUN = 126 };

static const uint64_t second = UINT64_C(1000000000);

/* In our own memory, see leaks_run(): but for its environment nothing in it is changed for us. */
static _Noreturn void become(const struct leaks_run *run)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (run->output_aside)
        dup2(STDERR_FILENO, STDOUT_FILENO);
    int r = run->attribution ? attribution_enter(run->attribution) : 0;
    if (r == 0) {
        sigprocmask(SIG_SETMASK, &run->mask, NULL);
        execvp(run->argv[0], run->argv);
        r = -errno;
    }
    cli_fail_errno(run->argv[0], r);
    _exit(r == -ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_RUN);
}

/* Takes in every child that has ended. Whether the command is among them. */
static bool reap(pid_t command, int *status)
{
    bool ended = false;
    int how;
    for (pid_t pid; (pid = waitpid(-1, &how, WNOHANG)) > 0;) {
        if (pid != command)
            continue;
        ended = true;
        *status = WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how);
    }
    return ended;
}

static bool has_children(void)
{
    return waitid(P_ALL, 0, &(siginfo_t){0}, WEXITED | WNOHANG | WNOWAIT) == 0;
}

/* The next of our signals, or 0 when the time is over. */
static int next_signal_for(const sigset_t *signals, uint64_t time)
{
    struct timespec wait = {.tv_sec = (time_t)(time / second), .tv_nsec = (long)(time % second)};
    int got = sigtimedwait(signals, NULL, &wait);
    return got < 0 ? (errno == EINTR ? SIGCHLD : 0) : got;
}

/* The next of our signals, or 0 when the moment has come first (UINT64_MAX: never). */
static int next_signal(const struct leaks_run *run, uint64_t moment)
{
    const uint64_t step = run->attribution ? ATTRIBUTION_INTERVAL : 1000 * second;
    for (;;) {
        uint64_t at = clock_nanoseconds(CLOCK_MONOTONIC), left = moment > at ? moment - at : 0;
        int got = next_signal_for(&run->signals, left < step ? left : step);
        if (run->attribution)
            attribution_read(run->attribution);
        if (got || left <= step)
            return got;
    }
}

/* Whoever is asked to end has the grace to do so. */
static void wait_for_command(struct leaks_run *run, pid_t command)
{
    uint64_t moment = run->timeout ? clock_nanoseconds(CLOCK_MONOTONIC) + run->timeout : UINT64_MAX;
    bool asked = false;
    while (!reap(command, &run->status)) {
        int got = next_signal(run, moment);
        if (got == SIGCHLD)
            continue;
        if (got == 0 && asked) {
            kill(command, SIGKILL);
            moment = UINT64_MAX;
            continue;
        }
        if (got)
            run->signal = got;
        else
            run->timed_out = true;
        kill(command, got ? got : SIGTERM);
        asked = true;
        moment = clock_nanoseconds(CLOCK_MONOTONIC) + run->grace;
    }
}

static void wait_for_descendants(struct leaks_run *run)
{
    uint64_t moment = clock_nanoseconds(CLOCK_MONOTONIC) + run->grace;
    int ignored;
    for (int got = SIGCHLD; got == SIGCHLD && has_children();) {
        reap(-1, &ignored);
        if (has_children())
            got = next_signal(run, moment);
        if (got && got != SIGCHLD)
            run->signal = got;
    }
}

/* Who starts us may have said so, as nohup(1) does: a blocked signal would reach us all the same. */
static bool is_ignored(int number)
{
    struct sigaction action;
    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

int leaks_hold_signals(struct leaks_run *run)
{
    static const int ours[] = {SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    /* Inherited as ignored, it would keep us from learning how the command ended. */
    signal(SIGCHLD, SIG_DFL);
    sigemptyset(&run->signals);
    for (size_t i = 0; i < COUNT_OF(ours); i++)
        if (!is_ignored(ours[i]))
            sigaddset(&run->signals, ours[i]);
    return sigprocmask(SIG_BLOCK, &run->signals, &run->mask) < 0 ? -errno : 0;
}

int leaks_run(struct leaks_run *run)
{
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
        return -errno;
    /* fork() costs a millisecond for the pages that both sides then write to; what this child does in our
     * memory until it has become the command, while we stand still, does not matter to us. See vfork(2). */
    pid_t command = vfork();
    if (command < 0)
        return -errno;
    if (command == 0)
        become(run);
    wait_for_command(run, command);
    wait_for_descendants(run);
    if (run->timed_out)
        run->status = STATUS_TIMED_OUT;
    else if (run->signal)
        run->status = 128 + run->signal;
    return 0;
}

static pid_t parent_of(pid_t pid, char *ret_state)
{
    char path[32];
    AUTO_STRBUF struct strbuf text = {0};
    struct process process = {.pid = pid};
    uint64_t ticks;
    snprintf(path, sizeof(path), "/proc/%d/stat", pid);
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *room = fd < 0 ? NULL : strbuf_reserve(&text, 1024);
    ssize_t length = room ? read(fd, room, 1024) : -1;
    if (length <= 0 || !parse_stat(room, (size_t)length, &process, &ticks))
        return 0;
    *ret_state = process.state;
    return process.parent;
}

static bool is_listed(const pid_list *pids, pid_t pid)
{
    array_each(pids, other) if (*other == pid) return true;
    return false;
}

/* One more generation: children of ours, or of those listed already. How many were added, or -errno. */
static int add_children(pid_list *pids)
{
    AUTO_DIR DIR *proc = opendir("/proc");
    int added = 0;
    for (struct dirent *entry; proc && (entry = readdir(proc));) {
        pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
        char state = 'Z';
        pid_t parent = pid > 0 && !is_listed(pids, pid) ? parent_of(pid, &state) : 0;
        if (state == 'Z' || state == 'X' || (parent != getpid() && !is_listed(pids, parent)))
            continue;
        pid_t *slot = array_push(pids);
        if (!slot)
            return -ENOMEM;
        *slot = pid;
        added++;
    }
    return proc ? added : -errno;
}

int leaks_left_running(pid_list *ret_pids)
{
    int r = has_children() ? 1 : 0;
    while (r > 0)
        r = add_children(ret_pids);
    return r;
}

/* Each round ends what is there; what those start meanwhile becomes ours and is met in the next. */
void leaks_end_all(void)
{
    int ignored;
    while (has_children()) {
        pid_list pids = {0};
        leaks_left_running(&pids);
        array_each(&pids, pid) kill(*pid, SIGKILL);
        if (!pids.count)
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        array_free(&pids);
        reap(-1, &ignored);
    }
}
