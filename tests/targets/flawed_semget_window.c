/*
 * flawed_semget_window.c - does its work under a System V semaphore. Flaw: a crash between semget, which
 * makes it, and semctl, which unlocks it, locks everybody out for good. The sound lock is free at 0, which
 * Linux starts with (semget(2), NOTES), so there is no such moment.
 */
#include "tests/targets/flawed.h"

#include <sys/ipc.h>
#include <sys/sem.h>
#include <time.h>

enum { KEY = 0x5e3a0001, PATIENCE_NS = 200000000 };

#ifdef SOUND
static struct sembuf lock[] =
    {
        {0, 0, SEM_UNDO},
        {0, 1, SEM_UNDO}
},
                     unlock[] = {{0, -1, SEM_UNDO}};
#else
static struct sembuf lock[] =
    {
        {0, -1, SEM_UNDO}
},
                     unlock[] = {{0, 1, SEM_UNDO}};
#endif

static int unlock_first(int id)
{
#ifndef SOUND
    if (semctl(id, 0, SETVAL, 1) < 0) {
        complain("semctl");
        semctl(id, 0, IPC_RMID);
        return -1;
    }
#endif
    return id;
}

static int open_lock(void)
{
    int id = semget(KEY, 1, IPC_CREAT | IPC_EXCL | 0600);
    if (id >= 0)
        return unlock_first(id);
    if (errno == EEXIST)
        id = semget(KEY, 1, 0600);
    if (id < 0)
        complain("semget");
    return id;
}

static int work(int id)
{
    const struct timespec patience = {.tv_nsec = PATIENCE_NS};
    if (semtimedop(id, lock, sizeof(lock) / sizeof(*lock), &patience) < 0)
        return complain("lock");
    if (semop(id, unlock, 1) < 0)
        return complain("unlock");
    puts("worked under the lock");
    return 0;
}

int main(void)
{
    int id = open_lock();
    if (id < 0)
        return 1;
    int status = work(id);
    if (semctl(id, 0, IPC_RMID) < 0)
        status = complain("semctl");
    return status;
}
