/*
 * spawn.c - how fast a command can be run over and over: by posix_spawn(3), or as the first process of new
 * user, ipc, mount and pid namespaces with mounts of their own, made by clone(2) with CLONE_VM and
 * CLONE_VFORK. This is the least that a trial of a sweep has to do. Prints runs per second.
 */
#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STACK = 64 * 1024, NAMESPACES = CLONE_NEWUSER | CLONE_NEWIPC | CLONE_NEWNS | CLONE_NEWPID };

extern char **environ;

static char stack[STACK] __attribute__((aligned(16)));
static uid_t uid;
static gid_t gid;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void put(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || write(fd, text, strlen(text)) < 0)
        err(1, "%s", path);
    close(fd);
}

/* As in a sweep: what is not there needs no cover. */
static void cover(const char *type, const char *place, const char *options)
{
    if (access(place, F_OK) == 0 && mount(type, place, type, MS_NOSUID | MS_NODEV, options) < 0)
        err(1, "%s", place);
}

static int enter(void *argument)
{
    char **command = argument;
    char line[64];
    snprintf(line, sizeof(line), "%u %u 1\n", uid, uid);
    put("/proc/self/uid_map", line);
    put("/proc/self/setgroups", "deny");
    snprintf(line, sizeof(line), "%u %u 1\n", gid, gid);
    put("/proc/self/gid_map", line);
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        err(1, "/");
    cover("tmpfs", "/dev/shm", "mode=1777");
    cover("mqueue", "/dev/mqueue", NULL);
    cover("proc", "/proc", NULL);
    execv(command[0], command);
    err(1, "%s", command[0]);
}

static pid_t start(char **command, int world)
{
    pid_t pid;
    if (world)
        return clone(enter, stack + STACK, NAMESPACES | CLONE_VM | CLONE_VFORK | SIGCHLD, command);
    return posix_spawn(&pid, command[0], NULL, NULL, command, environ) == 0 ? pid : -1;
}

static void work(char **command, int world, long count)
{
    while (count--) {
        int status;
        pid_t pid = start(command, world);
        if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
            errx(1, "%s failed", command[0]);
    }
}

int main(int argc, char **argv)
{
    if (argc < 5)
        errx(2, "usage: spawn bare|world JOBS COUNT COMMAND...");
    int world = strcmp(argv[1], "world") == 0, failed = 0, status;
    long jobs = strtol(argv[2], NULL, 10), count = strtol(argv[3], NULL, 10) / jobs;
    uid = geteuid();
    gid = getegid();
    double begun = now();
    for (long job = 0; job < jobs; job++)
        if (fork() == 0) {
            work(argv + 4, world, count);
            _exit(0);
        }
    while (wait(&status) > 0)
        failed |= status;
    if (failed)
        errx(1, "not all ended well");
    printf("%.0f\n", (double)(count * jobs) / (now() - begun));
    return 0;
}
