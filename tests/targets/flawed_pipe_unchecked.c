/*
 * flawed_pipe_unchecked.c - gets an answer from a child through a pipe. Flaw: goes on without a pipe; poll
 * waits for ever for a descriptor of -1.
 */
#include "tests/targets/flawed.h"

#include <poll.h>

static int answer(int fd)
{
    int number = 6 * 7;
    return write(fd, &number, sizeof(number)) == sizeof(number) ? 0 : complain("write");
}

static int read_answer(int fd)
{
    int number;
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    if (poll(&ready, 1, -1) < 0)
        return complain("poll");
    ssize_t length = read(fd, &number, sizeof(number));
    if (length < 0)
        return complain("read");
    if (length != sizeof(number)) {
        fputs("no answer\n", stderr);
        return 1;
    }
    printf("the answer is %d\n", number);
    return 0;
}

int main(void)
{
    int ends[2] = {-1, -1};
    signal(SIGPIPE, SIG_IGN);
    if (pipe(ends) < 0) {
        complain("pipe");
#ifdef SOUND
        return 1;
#endif
    }
    pid_t child = fork_child();
    if (child < 0)
        return complain("fork");
    if (child == 0)
        _exit(answer(ends[1]));
    close(ends[1]);
    int status = read_answer(ends[0]);
    status |= child_failed(child);
    return status;
}
