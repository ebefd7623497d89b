/* turn.c - see turn.h. */
#include "inject/sweep/turn.h"

#include <errno.h>
#include <sys/socket.h>

void turn_take(struct turn *turn)
{
    while (sem_wait(turn->free) < 0 && errno == EINTR)
        ;
    turn->taken = true;
}

void turn_end(struct turn *turn)
{
    if (!turn->taken)
        return;
    turn->taken = false;
    sem_post(turn->free);
}

void turn_give_away(struct turn *turn)
{
    if (!turn->taken)
        return;
    turn_end(turn);
    send(turn->socket, "", 1, MSG_NOSIGNAL);
}
