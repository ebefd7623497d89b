/*
 * pair.c - runs commands in turn, A B C A B C …, so that a machine whose speed drifts treats them alike, and
 * prints the median wall time, the lowest and highest, and the peak memory of each. Output of the commands
 * goes to /dev/null.
 */
#include <err.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { COMMANDS_MAX = 16, ROUNDS_MAX = 101 };

extern char **environ;

struct figures {
    double milliseconds[ROUNDS_MAX];
    long peak; /* KiB */
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static double run(const char *command, long *peak)
{
    posix_spawn_file_actions_t actions;
    char *arguments[] = {"sh", "-c", (char *)command, NULL};
    struct rusage usage;
    int status;
    pid_t pid;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    double start = now();
    if (posix_spawn(&pid, "/bin/sh", &actions, NULL, arguments, environ) != 0 ||
        wait4(pid, &status, 0, &usage) != pid)
        err(1, "%s", command);
    double elapsed = now() - start;
    posix_spawn_file_actions_destroy(&actions);
    if (usage.ru_maxrss > *peak)
        *peak = usage.ru_maxrss;
    return elapsed;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

int main(int argc, char **argv)
{
    static struct figures figures[COMMANDS_MAX];
    int rounds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 0, commands = argc - 2;
    if (rounds < 1 || rounds > ROUNDS_MAX || commands < 1 || commands > COMMANDS_MAX)
        errx(2, "usage: pair ROUNDS COMMAND...");
    for (int command = 0; command < commands; command++)
        run(argv[2 + command], &figures[command].peak);
    for (int round = 0; round < rounds; round++)
        for (int command = 0; command < commands; command++)
            figures[command].milliseconds[round] = run(argv[2 + command], &figures[command].peak);
    for (int command = 0; command < commands; command++) {
        double *sorted = figures[command].milliseconds;
        qsort(sorted, (size_t)rounds, sizeof(*sorted), compare);
        printf("%.2f\t%.2f\t%.2f\t%ld\t%s\n", sorted[rounds / 2], sorted[0], sorted[rounds - 1],
               figures[command].peak, argv[2 + command]);
    }
    return 0;
}
