/* stall.c - see stall.h. */
#include "tests/targets/stall/stall.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <time.h>
#include <unistd.h>

struct shared *shared;
int set, pipes[2][2];

void check(int failed, const char *what)
{
    if (!failed)
        return;
    fprintf(stderr, "stall: %s: %s\n", what, strerror(errno));
    exit(1);
}

pid_t start(void (*run)(void))
{
    pid_t pid = fork();
    check(pid < 0, "fork");
    if (pid)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    run();
    _exit(0);
}

void share(void)
{
    shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    check(shared == MAP_FAILED, "mmap");
}

void meet(void)
{
    __atomic_add_fetch(&shared->arrived, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&shared->arrived, __ATOMIC_SEQ_CST) < 2)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

void make_set(int first, int second)
{
    unsigned short values[] = {(unsigned short)first, (unsigned short)second, 0};
    union {
        unsigned short *array;
    } argument = {.array = values};
    set = semget(IPC_PRIVATE, 3, IPC_CREAT | 0600);
    check(set < 0 || semctl(set, 0, SETALL, argument) < 0, "semget");
}

void operate(unsigned short number, short by)
{
    struct sembuf operation = {.sem_num = number, .sem_op = by};
    check(semop(set, &operation, 1) < 0, "semop");
}

void make_mutexes(int robust)
{
    pthread_mutexattr_t attributes;
    share();
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, robust ? PTHREAD_MUTEX_ROBUST : PTHREAD_MUTEX_STALLED);
    for (int i = 0; i < 2; i++)
        pthread_mutex_init(&shared->mutex[i], &attributes);
}

void close_pipe(void)
{
    close(pipes[0][0]);
    close(pipes[0][1]);
}
