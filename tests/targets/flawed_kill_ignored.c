/*
 * flawed_kill_ignored.c - tells a child to end, and waits until it has. Flaw: does not look whether it could
 * be told.
 */
#include "tests/targets/flawed.h"

static int tell_to_end(pid_t child)
{
#ifdef SOUND
    if (kill(child, SIGTERM) < 0 && kill(child, SIGKILL) < 0)
        return complain("kill");
#else
    kill(child, SIGTERM);
#endif
    return 0;
}

int main(void)
{
    int status;
    pid_t child = fork_child();
    if (child < 0)
        return complain("fork");
    while (child == 0)
        pause();
    if (tell_to_end(child))
        return 1;
    if (waitpid(child, &status, 0) < 0)
        return complain("waitpid");
    puts("the child has ended");
    return 0;
}
