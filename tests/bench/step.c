/*
 * step.c - a command to sweep: makes and removes ROUNDS times what some IPC calls make, after it has been
 * busy for MICROSECONDS of its processor's time. Says so when a call fails.
 */
#include <err.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <time.h>
#include <unistd.h>

enum { SIZE = 4096 };

static long long busy(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

static int check(int result, const char *what)
{
    if (result < 0)
        err(1, "%s", what);
    return result;
}

static void round_trip(void)
{
    int ends[2];
    check(pipe(ends), "pipe");
    int event = check(eventfd(0, EFD_CLOEXEC), "eventfd");
    int memory = check(memfd_create("step", MFD_CLOEXEC), "memfd_create");
    check(ftruncate(memory, SIZE), "ftruncate");
    int queue = check(msgget(IPC_PRIVATE, 0600), "msgget");
    int set = semget(IPC_PRIVATE, 1, 0600);
    check(msgctl(queue, IPC_RMID, NULL), "msgctl");
    check(set, "semget");
    check(semctl(set, 0, IPC_RMID), "semctl");
    close(ends[0]);
    close(ends[1]);
    close(event);
    close(memory);
}

int main(int argc, char **argv)
{
    long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 1;
    long long microseconds = argc > 2 ? strtoll(argv[2], NULL, 10) : 0;
    for (long long end = busy() + microseconds; microseconds && busy() < end;)
        ;
    while (rounds-- > 0)
        round_trip();
    return 0;
}
