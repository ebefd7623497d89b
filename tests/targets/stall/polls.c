/* polls.c - over what is polled: a server at rest, and two that each poll the one pipe the other writes to.
 */
#include "tests/targets/stall/stall.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

static int event, sockets[2];

static void watch_by_poll(void)
{
    struct pollfd watched[] = {
        {.fd = pipes[0][0], .events = POLLIN},
        {.fd = event,       .events = POLLIN},
        {.fd = -1,          .events = POLLIN},
    };
    check(poll(watched, 3, -1) < 0, "poll");
}

static void watch_by_select(void)
{
    fd_set readable;
    FD_ZERO(&readable);
    FD_SET(pipes[0][0], &readable);
    FD_SET(sockets[0], &readable);
    check(select(sockets[0] + 1, &readable, NULL, NULL, NULL) < 0, "select");
}

static void watch_by_epoll(void)
{
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event wanted = {.events = EPOLLIN};
    check(epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, event, &wanted) < 0 ||
              epoll_ctl(epoll, EPOLL_CTL_ADD, sockets[0], &wanted) < 0,
          "epoll");
    check(epoll_wait(epoll, &wanted, 1, -1) < 0, "epoll_wait");
}

/* Three servers with nothing to do, each of which waits for two things. */
void servers(void)
{
    check(pipe(pipes[0]) < 0, "pipe");
    check((event = eventfd(0, EFD_CLOEXEC)) < 0, "eventfd");
    check(socketpair(AF_UNIX, SOCK_DGRAM, 0, sockets) < 0, "socketpair");
    start(watch_by_poll);
    start(watch_by_select);
    start(watch_by_epoll);
}

static void await_other(int own)
{
    struct pollfd watched = {.fd = pipes[own][0], .events = POLLIN};
    close(pipes[own][1]);
    close(pipes[!own][0]);
    check(poll(&watched, 1, -1) < 0, "poll");
}

static void await_second(void)
{
    await_other(0);
}

static void await_first(void)
{
    await_other(1);
}

/* Each is the only one to write what the other waits for. */
void both_poll(void)
{
    for (int i = 0; i < 2; i++)
        check(pipe(pipes[i]) < 0, "pipe");
    start(await_second);
    start(await_first);
    for (int i = 0; i < 2; i++) {
        close(pipes[i][0]);
        close(pipes[i][1]);
    }
}
