/*
 * flawed_stubborn_retry.c - tries again a little later when there is no room for its queue. Flaw: for ever.
 * Without it, for longer than the first look of a sweep waits.
 */
#include "tests/targets/flawed.h"

#include <sys/msg.h>
#include <time.h>

enum { TRIES = 30, PAUSE_NS = 100000000 };

struct letter {
    long type;
    char text[8];
};

static int open_mailbox(void)
{
    const struct timespec pause_between = {.tv_nsec = PAUSE_NS};
    for (int try = 1;; try++) {
        int queue = msgget(IPC_PRIVATE, 0600);
        if (queue >= 0)
            return queue;
#ifdef SOUND
        if (try == TRIES)
            return queue;
#endif
        clock_nanosleep(CLOCK_MONOTONIC, 0, &pause_between, NULL);
    }
}

static int use_mailbox(int queue)
{
    struct letter letter = {.type = 1, .text = "hello"};
    if (msgsnd(queue, &letter, sizeof(letter.text), 0) < 0)
        return complain("msgsnd");
    if (msgrcv(queue, &letter, sizeof(letter.text), 0, 0) < 0)
        return complain("msgrcv");
    printf("%s\n", letter.text);
    return 0;
}

int main(void)
{
    int queue = open_mailbox();
    if (queue < 0)
        return complain("msgget");
    int status = use_mailbox(queue);
    if (msgctl(queue, IPC_RMID, NULL) < 0)
        status = complain("msgctl");
    return status;
}
