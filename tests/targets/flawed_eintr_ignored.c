/*
 * flawed_eintr_ignored.c - takes three tickets of five, until told to stop by SIGHUP. Flaw: does not look
 * whether sem_wait got one; a signal that interrupts it makes a ticket out of nothing.
 */
#include "tests/targets/flawed.h"

#include <fcntl.h>
#include <semaphore.h>

enum { TICKETS = 5, TAKEN = 3 };

static const char tickets_name[] = "/flawed-tickets";

static volatile sig_atomic_t stop;

static void note_stop(int signal)
{
    stop = signal;
}

static int take_ticket(sem_t *tickets)
{
#ifdef SOUND
    while (sem_wait(tickets) < 0)
        if (errno != EINTR)
            return complain("sem_wait");
#else
    sem_wait(tickets);
#endif
    return 0;
}

static int take_tickets(sem_t *tickets)
{
    int left;
    for (int taken = 0; taken < TAKEN && !stop; taken++)
        if (take_ticket(tickets))
            return 1;
    if (sem_getvalue(tickets, &left) < 0)
        return complain("sem_getvalue");
    printf("%d tickets taken, %d left\n", TAKEN, left);
    return 0;
}

int main(void)
{
    struct sigaction action = {.sa_handler = note_stop};
    if (sigaction(SIGHUP, &action, NULL) < 0)
        return complain("sigaction");
    sem_unlink(tickets_name);
    sem_t *tickets = sem_open(tickets_name, O_CREAT | O_EXCL, 0600, TICKETS);
    if (tickets == SEM_FAILED)
        return complain("sem_open");
    int status = take_tickets(tickets);
    sem_close(tickets);
    if (sem_unlink(tickets_name) < 0)
        status = complain("sem_unlink");
    return status;
}
