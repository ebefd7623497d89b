/*
 * waits.h - who waits for what, who can end the wait, and which waits can never end. Pure: a snapshot in.
 *
 * A wait is frozen when nobody who could end it will ever run again: those who could are all frozen
 * themselves, or there is nobody. What is frozen is found as a garbage collector finds what is unreachable:
 * all waits are taken for frozen, and those that some running process can end are taken out until nothing
 * changes. Deadlocks of any length and across all kinds come out of that, and so do waits without anybody.
 */
#pragma once

#include "common/array.h"
#include "probes/edge.h"
#include "probes/snapshot.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum wait_want {
    WANT_LOCK,   /* a mutex or file lock that somebody owns */
    WANT_TOKEN,  /* a semaphore */
    WANT_DATA,   /* something to receive */
    WANT_ROOM,   /* space to send into */
    WANT_PEER,   /* somebody to open the other end, to connect or to accept */
    WANT_WAKEUP, /* a word in shared memory whose meaning only the program knows */
};

/* Who could end a wait. */
enum wait_reach {
    REACH_OPEN,     /* anybody who opens or finds the object */
    REACH_PRESUMED, /* anybody, but the one who worked on it last is probably to do it */
    REACH_GAPS,     /* those listed, and perhaps processes that may not be looked at */
    REACH_CLOSED,   /* those listed, nobody else */
};

/* How long a wait lasts, as far as can be told. */
enum wait_fate {
    FATE_OPEN,    /* somebody may end it */
    FATE_LIKELY,  /* it never ends, unless somebody intervenes whom the kernel does not connect with it */
    FATE_CERTAIN, /* it never ends */
};

struct waiting {
    const struct edge *edge;
    const struct object *object;
    const struct process *process;
    enum wait_want want;
    enum wait_fate fate;
    enum wait_reach reach;
    pid_t holder;               /* who probably holds it up, 0 when nobody is known */
    pid_t holder_tid;           /* of a mutex: the thread that owns it; otherwise 0 */
    enum verdict holder_state;  /* VERDICT_NONE without a holder */
    size_t first_ender, enders; /* indexes into waits.enders: who can end it */
    uint64_t
        since; /* when the thread last ran or was first seen to wait, nanoseconds since 1970; 0: not known */
};

struct waits {
    const struct snapshot *snapshot;
    ARRAY(struct waiting) all; /* by object, in the snapshot's order */
    ARRAY(uint32_t) enders;    /* processes of the snapshot */
};

/*
 * All waits of a snapshot, which must outlive them and have been collected with NEED_ALL. Returns 0 or
 * -ENOMEM; freed with waits_free(). A thread that waits on a semaphore made of a futex waits once.
 */
int waits_make(const struct snapshot *snapshot, struct waits *ret_waits);

/* The wait that a wait is for: one of a process that can end it, or NULL. Follows frozen waits only. */
const struct waiting *waits_next(const struct waits *waits, const struct waiting *waiting);

/* Whether following waits_next() leads back to the wait itself. */
bool waits_in_circle(const struct waits *waits, const struct waiting *waiting);

/* Whether the waiting process is the only one that could end it. */
static inline bool waits_is_own(const struct waits *waits, const struct waiting *waiting)
{
    return waiting->enders == 1 && waits->enders.items[waiting->first_ender] == waiting->edge->process;
}

void waits_free(struct waits *waits);
