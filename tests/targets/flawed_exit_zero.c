/*
 * flawed_exit_zero.c - counts in a System V semaphore. Flaw: says that it has no semaphore, and exits with 0.
 */
#include "tests/targets/flawed.h"

#include <sys/ipc.h>
#include <sys/sem.h>

static int count(int id)
{
    struct sembuf add = {.sem_op = 3};
    if (semop(id, &add, 1) < 0)
        return complain("semop");
    int value = semctl(id, 0, GETVAL);
    if (value < 0)
        return complain("semctl");
    printf("counted to %d\n", value);
    return 0;
}

int main(void)
{
    int id = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
    if (id < 0) {
        complain("semget");
#ifdef SOUND
        return 1;
#else
        return 0;
#endif
    }
    int status = count(id);
    if (semctl(id, 0, IPC_RMID) < 0)
        status = complain("semctl");
    return status;
}
