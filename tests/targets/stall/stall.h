/*
 * stall.h - what the scenarios of stall share. Each starts processes that come to wait, and returns; its row
 * is in scenarios.def.
 */
#pragma once

#include <pthread.h>
#include <sys/types.h>

/* What both processes of a scenario see. */
struct shared {
    pthread_mutex_t mutex[2];
    pthread_cond_t condition;
    pthread_rwlock_t rwlock;
    int arrived;
};

extern struct shared *shared;
extern int set, pipes[2][2];

/* Ends the program with errno's text when something failed. */
void check(int failed, const char *what);

/* A process that runs the function, and dies with the one that made it. */
pid_t start(void (*run)(void));

/* Maps `shared`. */
void share(void);

/* Returns once both processes are here: each has what the other will wait for. Needs share(). */
void meet(void);

/* A private set of three semaphores, the last of which is 0, and an operation on one. */
void make_set(int first, int second);
void operate(unsigned short number, short by);

/* share(), with both mutexes ready; robust or not. */
void make_mutexes(int robust);

/* Closes both ends of pipes[0]. */
void close_pipe(void);

#define SCENARIO(name, function) void function(void);
#include "tests/targets/stall/scenarios.def"
#undef SCENARIO
