/*
 * turn.h - who may run a trial now: as many at a time as were asked for. A trial in which all only sleep, as
 * most that hang do, gives its turn away and goes on.
 */
#pragma once

#include <semaphore.h>
#include <stdbool.h>

struct turn {
    sem_t *free; /* shared by all workers */
    int socket;  /* the sweep is told here when one is given away, by one byte */
    bool taken;
};

/* Waits for one. */
void turn_take(struct turn *turn);

/* At the end of a trial; harmless when it was given away before. */
void turn_end(struct turn *turn);

/* In the middle of it. Once. */
void turn_give_away(struct turn *turn);
