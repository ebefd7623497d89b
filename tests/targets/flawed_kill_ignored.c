/*
 * flawed_kill_ignored.c - starts a worker, and goes on when that says by a signal that it is ready. Flaw: the
 * worker does not look whether it could say so, and waits for an order that nobody gives it.
 */
#include "tests/targets/flawed.h"

static int tell_ready(void)
{
#ifdef SOUND
    if (kill(getppid(), SIGUSR1) < 0)
        return complain("kill");
#else
    kill(getppid(), SIGUSR1);
#endif
    return 0;
}

static int work(void)
{
    sigset_t order;
    sigemptyset(&order);
    sigaddset(&order, SIGTERM);
    if (tell_ready())
        return 1;
    sigwaitinfo(&order, NULL);
    return 0;
}

/* A worker that has ended will not get ready. */
static int wait_until_ready(void)
{
    sigset_t news;
    sigemptyset(&news);
    sigaddset(&news, SIGUSR1);
    sigaddset(&news, SIGCHLD);
    if (sigwaitinfo(&news, NULL) == SIGUSR1)
        return 0;
    fputs("no worker\n", stderr);
    return 1;
}

int main(void)
{
    sigset_t signals;
    sigfillset(&signals);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    pid_t worker = fork_child();
    if (worker < 0)
        return complain("fork");
    if (worker == 0)
        return work();
    int status = wait_until_ready();
    if (kill(worker, SIGTERM) < 0)
        return complain("kill");
    if (child_failed(worker))
        return 1;
    if (!status)
        puts("the worker was ready");
    return status;
}
