/*
 * flawed_inherited_pipe.c - sends commands to a child through a pipe, the last is to quit. Flaw: the child
 * has inherited the writing end as well, so when the parent gives up early it never sees the end of the pipe,
 * and its parent waits for it.
 */
#include "tests/targets/flawed.h"

static int serve(int commands, int others_end)
{
    char command = '\0';
#ifdef SOUND
    close(others_end);
#else
    (void)others_end;
#endif
    while (command != 'q') {
        ssize_t length = read(commands, &command, 1);
        if (length < 0)
            return complain("read");
        if (length == 0)
            return 0;
    }
    return 0;
}

static int send_commands(int fd, const char *commands)
{
    for (; *commands; commands++)
        if (write(fd, commands, 1) != 1)
            return complain("write");
    return 0;
}

int main(void)
{
    int ends[2];
    signal(SIGPIPE, SIG_IGN);
    if (pipe(ends) < 0)
        return complain("pipe");
    pid_t child = fork_child();
    if (child < 0)
        return complain("fork");
    if (child == 0)
        _exit(serve(ends[0], ends[1]));
    close(ends[0]);
    int status = send_commands(ends[1], "rq");
    close(ends[1]);
    status |= child_failed(child);
    if (status == 0)
        puts("all commands sent");
    return status;
}
