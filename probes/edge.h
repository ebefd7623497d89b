/*
 * edge.h - a tie between an object and a process.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum edge_role { EDGE_MAPPED, EDGE_OPEN, EDGE_WAITING, EDGE_HOLDING, EDGE_NOTIFY, EDGE_ROLE_COUNT };

enum edge_access {
    EDGE_READ = 1,
    EDGE_WRITE = 2,
    EDGE_EXECUTE = 4,
};

struct edge {
    uint32_t object;  /* index in the snapshot */
    uint32_t process; /* index in the snapshot */
    uint8_t role;     /* enum edge_role */
    uint8_t access;   /* EDGE_READ | …: protection of mappings, mode of a descriptor; of a wait: for what */
    int32_t fd;       /* open: the lowest descriptor; otherwise -1 */
    uint32_t count;   /* mapped: mappings; open: descriptors */
    pid_t tid;        /* waiting: the thread */
    int32_t unit;     /* waiting on a semaphore set: sem_num, -1 when not known */
    int32_t amount;   /* waiting on a semaphore set: sem_op */
    bool undone;      /* waiting on a semaphore set: what is taken is given back at exit (SEM_UNDO) */
    bool timed;       /* waiting: it ends by itself some time */
    bool any;         /* waiting: for this or another of several, as in poll(2) */
    uint64_t bytes;   /* mapped */
    const char *operation; /* waiting: the system call; holding: what kind of lock; or NULL */
};

/* "mapped", "open", "waiting", "holding", "notify". */
const char *edge_role_name(enum edge_role role);
