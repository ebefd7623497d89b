/* caretaker.c - see caretaker.h. */
#include "inject/caretaker.h"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LISTENER = 3 };

/* POLLHUP: no process has the filter any more (seccomp_notify_poll() in kernel/seccomp.c). */
static bool still_used(int listener, int timeout)
{
    struct pollfd poller = {listener, POLLIN, 0};
    return poll(&poller, 1, timeout) < 0 || !(poller.revents & (POLLHUP | POLLERR | POLLNVAL));
}

/* Nothing of ours may keep a pipe or terminal open that somebody waits to see closed. */
static void let_go_of_everything(int listener)
{
    setsid();
    dup2(listener, LISTENER);
    close_range(LISTENER + 1, ~0U, 0);
    int null = open("/dev/null", O_RDWR);
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        dup2(null, fd);
    if (null > LISTENER)
        close(null);
    if (chdir("/") < 0)
        _exit(1);
}

_Noreturn static void serve(int listener)
{
    sigset_t none;
    let_go_of_everything(listener);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    while (still_used(LISTENER, -1)) {
        struct seccomp_notif notification = {0};
        if (ioctl(LISTENER, SECCOMP_IOCTL_NOTIF_RECV, &notification) < 0)
            continue;
        struct seccomp_notif_resp go_on = {.id = notification.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
        ioctl(LISTENER, SECCOMP_IOCTL_NOTIF_SEND, &go_on);
    }
    _exit(0);
}

/* By a child that ends at once, so that init waits for the one left behind. */
void caretaker_leave(int listener)
{
    if (!still_used(listener, 0))
        return;
    pid_t pid = fork();
    if (pid == 0) {
        if (fork() == 0)
            serve(listener);
        _exit(0);
    }
    if (pid > 0)
        waitpid(pid, NULL, 0);
}
