/* processes.c - fork, exec and spawn in all ways, with the environment or descriptors lost on the way. */
#include "tests/targets/behave/behave.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int wait_for(pid_t pid)
{
    int status = 0;
    fflush(stdout);
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int in_fork(void)
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0)
        exit(say_unlink());
    return wait_for(pid) || say_unlink();
}

static char *const no_environment[] = {NULL};
static char *const say_arguments[] = {"behave", "unlink", NULL};

int exec_cleared(void)
{
    return execve("/proc/self/exe", say_arguments, no_environment);
}

int execle_cleared(void)
{
    return execle("/proc/self/exe", "behave", "unlink", (char *)NULL, no_environment);
}

int execl_clearenv(void)
{
    clearenv();
    return execl("/proc/self/exe", "behave", "unlink", (char *)NULL);
}

int spawn_cleared(void)
{
    pid_t pid = 0;
    return posix_spawn(&pid, "/proc/self/exe", NULL, NULL, say_arguments, no_environment) || wait_for(pid);
}

int syscall_cleared(void)
{
    return (int)syscall(SYS_execve, "/proc/self/exe", say_arguments, no_environment);
}

/* The shell is started by libc itself, and starts us with what environment it has. */
int system_cleared(void)
{
    char command[64];
    snprintf(command, sizeof(command), "exec /proc/%d/exe unlink", getpid());
    clearenv();
    return system(command);
}

int popen_cleared(void)
{
    char command[64];
    char line[64] = "";
    snprintf(command, sizeof(command), "exec /proc/%d/exe unlink", getpid());
    clearenv();
    FILE *file = popen(command, "r");
    if (!file || !fgets(line, sizeof(line), file))
        return 1;
    fputs(line, stdout);
    return pclose(file);
}

int vfork_cleared(void)
{
    pid_t pid = vfork();
    if (pid == 0) {
        execve("/proc/self/exe", say_arguments, no_environment);
        _exit(9);
    }
    return wait_for(pid);
}

int close_all(void)
{
    for (int fd = 3; fd < 1024; fd++)
        close(fd);
    return say_unlink();
}
