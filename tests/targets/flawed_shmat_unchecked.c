/*
 * flawed_shmat_unchecked.c - numbers the seats of a System V segment. Flaw: takes NULL for what shmat returns
 * when it fails; it is (void *)-1.
 */
#include "tests/targets/flawed.h"

#include <sys/ipc.h>
#include <sys/shm.h>

enum { SEATS = 100 };

static int *attach(int id)
{
    void *seats = shmat(id, NULL, 0);
#ifdef SOUND
    return seats == (void *)-1 ? NULL : seats;
#else
    return seats;
#endif
}

static int number_seats(int id)
{
    int *seats = attach(id);
    if (!seats)
        return complain("shmat");
    for (int seat = 0; seat < SEATS; seat++)
        seats[seat] = seat + 1;
    printf("the last seat is %d\n", seats[SEATS - 1]);
    shmdt(seats);
    return 0;
}

int main(void)
{
    int id = shmget(IPC_PRIVATE, SEATS * sizeof(int), IPC_CREAT | 0600);
    if (id < 0)
        return complain("shmget");
    int status = number_seats(id);
    if (shmctl(id, IPC_RMID, NULL) < 0)
        status = complain("shmctl");
    return status;
}
