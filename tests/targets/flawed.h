/*
 * flawed.h - what the programs of flawed_*.c share. Each is a small, realistic user of IPC with one planted
 * flaw; compiled with -DSOUND it has none. What a sweep finds in them is listed in flawed.def.
 *
 * In all else they are as IPC programs should be: every error is reported and ends in a non-zero status,
 * nothing is left behind, and a start after SIGKILL copes with what was left. Clean-up that cannot matter
 * (close, munmap of a process about to end) is not checked.
 */
#pragma once

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* For functions that return the error, as posix_fallocate(3) does. Always 1, for the exit status. */
static inline int complain_of(const char *what, int error)
{
    fprintf(stderr, "%s: %s\n", what, strerror(error));
    return 1;
}

/* The same for those that set errno. */
static inline int complain(const char *what)
{
    return complain_of(what, errno);
}

/* fork(2), of a child that does not outlive its parent. */
static inline pid_t fork_child(void)
{
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0 && (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent))
        _exit(1);
    return child;
}

/* Waits for the child: 0 when it succeeded, else complains. */
static inline int child_failed(pid_t child)
{
    int status;
    if (waitpid(child, &status, 0) < 0)
        return complain("waitpid");
    if (status == 0)
        return 0;
    fputs("the child failed\n", stderr);
    return 1;
}
