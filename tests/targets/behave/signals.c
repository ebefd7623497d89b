/* signals.c - calls that signals interrupt, and children that stop. */
#include "tests/targets/behave/behave.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t handled;

static void count_signal(int signal)
{
    (void)signal;
    handled++;
}

/* A signal every 5 ms, or no more when `flags` is negative. */
static void signal_often(int flags)
{
    struct sigaction action = {.sa_handler = count_signal, .sa_flags = flags};
    long interval = flags < 0 ? 0 : 5000;
    if (flags >= 0)
        sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL,
              &(struct itimerval){
                  {0, interval},
                  {0, interval}
    },
              NULL);
}

/* A call that never fails with EINTR, and signals all the time: what it gives, and whether any came. */
int interrupted(void)
{
    signal_often(SA_RESTART);
    const char *restarting = unlink_nothing();
    signal_often(0);
    const char *plain = unlink_nothing();
    signal_often(-1);
    printf("%s %s %s\n", restarting, plain, handled ? "handled" : "no signal");
    return 0;
}

/* A signal ends a call, a child is stopped and continued, and the status is 5. */
int watched(void)
{
    int ends[2];
    int status = 0;
    char byte;
    if (pipe(ends) < 0)
        return 1;
    signal_often(0);
    printf("%s ", read(ends[0], &byte, 1) == 1 ? "0" : strerrorname_np(errno));
    signal_often(-1);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        raise(SIGSTOP);
        _exit(3);
    }
    waitpid(child, &status, WUNTRACED);
    printf("%s ", WIFSTOPPED(status) ? "stopped" : "not stopped");
    kill(child, SIGCONT);
    waitpid(child, &status, 0);
    printf("%d\n", WEXITSTATUS(status));
    return 5;
}
