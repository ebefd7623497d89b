/* make_call.h - what the files of make_call share. */
#pragma once

#include "inject/calls.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Descriptors of the objects, which the run under test inherits. */
enum {
    SHM = 100,
    SHM_READ,
    SEALED,
    MQ_NOWAIT,
    MQ_WAIT,
    PIPE_READ,
    PIPE_WRITE,
    PIPE_READ_NOWAIT,
    PIPE_WRITE_NOWAIT,
    SOCKET,
    SOCKET_NOWAIT,
    PIDFD,
    OTHER, /* no IPC */
    DISK   /* a file that is not memory; missing where there is no place for one */
};
enum { SIZE = 4096, MESSAGE_SIZE = 64 };

/* Of a segment, a semaphore set and a queue. */
extern int ids[3];

/* Makes the objects, before shmoo starts, and removes them; in between, finds their ids again. */
void make_objects(void);
void remove_objects(void);
void read_ids(void);

/* Changes when the world does: objects, descriptors, mappings, and what is in some of them. */
uint64_t world(void);

/* Sets up the locks, then the arguments for which the guard holds. */
void make_locks(const struct call *call, uint32_t state);
void pick_arguments(const struct call *call, const struct guard *guard, uint64_t arguments[CALL_PARAMS_MAX]);

_Noreturn void give_up(const char *what);
