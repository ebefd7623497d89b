/* returns.c - see returns.h and ptrace(2). Who seizes a process must be the thread that waits for it. */
#include "inject/returns.h"

#include "common/array.h"
#include "common/clock.h"
#include "common/thread.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

/* ERESTARTSYS to ERESTART_RESTARTBLOCK of include/linux/errno.h: the kernel makes EINTR of them, or makes the
 * call again. */
enum { RESTART_FIRST = 512, RESTART_LAST = 516, SYSCALL_STOP = SIGTRAP | 0x80 };

struct returns {
    struct plan *plan;
    pid_t pid;
    pthread_t thread;
    sem_t ready;
    int error; /* -errno of the start */
    pthread_mutex_t lock;
    ARRAY(struct event) expected; /* one a thread; guarded by lock */
};

/* Takes what is expected of a thread; false when nothing is. */
static bool take(struct returns *returns, pid_t tid, struct event *ret_event)
{
    bool found = false;
    pthread_mutex_lock(&returns->lock);
    for (size_t index = 0; index < returns->expected.count && !found; index++) {
        if (returns->expected.items[index].tid != tid)
            continue;
        *ret_event = returns->expected.items[index];
        returns->expected.items[index] = returns->expected.items[--returns->expected.count];
        found = true;
    }
    pthread_mutex_unlock(&returns->lock);
    return found;
}

static void log_end(struct returns *returns, struct event *event, bool returned)
{
    event->duration = clock_nanoseconds(CLOCK_MONOTONIC) - event->duration;
    event->started_only = !returned;
    plan_log(returns->plan, event);
}

static void thread_ended(struct returns *returns, pid_t tid)
{
    struct event event;
    if (take(returns, tid, &event))
        log_end(returns, &event, false);
}

static void call_ended(struct returns *returns, pid_t tid)
{
    struct __ptrace_syscall_info info;
    struct event event;
    if (ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof(info), &info) <= 0 ||
        info.op != PTRACE_SYSCALL_INFO_EXIT || !take(returns, tid, &event))
        return;
    int error = info.exit.is_error ? (int)-info.exit.rval : 0;
    if (error < RESTART_FIRST || error > RESTART_LAST) {
        /* A pointer is made by libc, of a descriptor. */
        event.result_known = error || calls[event.call].failure != FAILURE_NULL_POINTER;
        event.error = error;
        event.result = error ? call_failed_result(&calls[event.call], error) : (uint64_t)info.exit.rval;
    }
    log_end(returns, &event, true);
}

static bool stops_jobs(int signal)
{
    return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

static void stopped(struct returns *returns, pid_t tid, int status)
{
    int event = status >> 16;
    int signal = WSTOPSIG(status);
    if (signal == SYSCALL_STOP)
        call_ended(returns, tid);
    if (event == PTRACE_EVENT_STOP && stops_jobs(signal))
        ptrace(PTRACE_LISTEN, tid, 0, 0);
    else
        ptrace(PTRACE_SYSCALL, tid, 0, event || signal == SYSCALL_STOP ? 0 : signal);
}

static int seize(const struct returns *returns)
{
    const long options =
        PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK;
    int status;
    if (ptrace(PTRACE_SEIZE, returns->pid, 0, options) < 0 ||
        ptrace(PTRACE_INTERRUPT, returns->pid, 0, 0) < 0)
        return -errno;
    /* Its calls stop from here on. */
    if (waitpid(returns->pid, &status, __WALL) < 0 || !WIFSTOPPED(status))
        return -ECHILD;
    return ptrace(PTRACE_SYSCALL, returns->pid, 0, 0) < 0 ? -errno : 0;
}

/* The command itself is left for the one who waits for it. Waiting is the only moment to be cancelled. */
static pid_t wait_for_stop(const struct returns *returns, int *ret_status)
{
    siginfo_t info;
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
    int r = waitid(P_ALL, 0, &info, WEXITED | WSTOPPED | WNOWAIT | __WALL | __WNOTHREAD);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    bool ended =
        r == 0 && (info.si_code == CLD_EXITED || info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED);
    if (r < 0 || (ended && info.si_pid == returns->pid))
        return -1;
    return waitpid(info.si_pid, ret_status, __WALL | __WNOTHREAD) < 0 ? 0 : info.si_pid;
}

static void *watch(void *context)
{
    struct returns *returns = context;
    pid_t tid;
    int status;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    returns->error = seize(returns);
    bool seized = returns->error == 0;
    sem_post(&returns->ready);
    while (seized && (tid = wait_for_stop(returns, &status)) >= 0) {
        if (tid && WIFSTOPPED(status))
            stopped(returns, tid, status);
        else if (tid)
            thread_ended(returns, tid);
    }
    return NULL;
}

static void release(struct returns *returns)
{
    array_free(&returns->expected);
    pthread_mutex_destroy(&returns->lock);
    sem_destroy(&returns->ready);
    free(returns);
}

int returns_watch(struct plan *plan, pid_t pid, struct returns **ret_returns)
{
    struct returns *returns = calloc(1, sizeof(*returns));
    if (!returns)
        return -ENOMEM;
    returns->plan = plan;
    returns->pid = pid;
    sem_init(&returns->ready, 0, 0);
    pthread_mutex_init(&returns->lock, NULL);
    int r = thread_start(&returns->thread, NULL, watch, returns);
    if (r < 0) {
        release(returns);
        return r;
    }
    while (sem_wait(&returns->ready) < 0)
        ;
    r = returns->error;
    if (r < 0)
        returns_free(returns);
    else
        *ret_returns = returns;
    return r;
}

int returns_expect(struct returns *returns, const struct event *event)
{
    pthread_mutex_lock(&returns->lock);
    struct event *expected = array_push(&returns->expected);
    if (expected) {
        *expected = *event;
        expected->duration = clock_nanoseconds(CLOCK_MONOTONIC);
    }
    pthread_mutex_unlock(&returns->lock);
    return expected ? 0 : -ENOMEM;
}

/* With the thread that seized them, the kernel lets go of the processes. */
void returns_free(struct returns *returns)
{
    if (!returns)
        return;
    pthread_cancel(returns->thread);
    pthread_join(returns->thread, NULL);
    array_each(&returns->expected, event) log_end(returns, event, false);
    release(returns);
}
