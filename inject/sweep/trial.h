/*
 * trial.h - runs the command of a sweep once, in a world of its own, and says what was seen. The world's
 * first process suspends us and, but for a few surroundings, shares our memory (clone(2) with CLONE_VFORK and
 * CLONE_VM), so making it copies no page tables.
 */
#pragma once

#include "inject/plan.h"
#include "inject/sweep/result.h"
#include "inject/sweep/turn.h"
#include "inject/world.h"

#include <signal.h>

enum { SEEN_TEXT_MAX = 4096, SEEN_LEFT_MAX = 2048, SEEN_LINE_MAX = 256 };

/* The command and its circumstances; the same in all trials. */
struct target {
    char *const *argv;
    char *const *environment; /* with what the engine needs in it */
    enum call_reach engine;
    const char *input;           /* file for standard input; NULL: /dev/null */
    const char *setup;           /* for sh -c in the world before the command, or NULL */
    const char *check;           /* after it, or NULL */
    const char *const *paths;    /* FIFOs the clean run made, NULL-terminated: they are outside the world */
    const struct learnt *learnt; /* from the clean run */
    const char *shmoo;           /* our own program, to explain a hang */
    uint64_t limit;              /* nanoseconds for one run */
    uint64_t long_limit;         /* that when it is looked at again, for what still sleeps or works */
    uint64_t memory;             /* bytes its processes may have, and its /dev/shm may hold */
    uint64_t patience;           /* nanoseconds after which a world where all wait is ended */
    uint64_t grace;              /* nanoseconds for descendants, once the command is done */
    sigset_t signals;            /* mask for the command */
};

/* What a trial adds to that. */
struct trial_setting {
    bool restart;                          /* once more without the rules in the same world */
    bool diagnose;                         /* find the stack of a crash and the reason of a hang */
    const struct environment *environment; /* what is short, or NULL */
    struct plan *plan;                     /* holds the rules */
    struct turn *turn;                     /* given away when all only sleep, or NULL */
};

/* One run of the command. */
struct run_seen {
    int32_t wait_status;
    /* Why it was ended: */
    bool timed_out;
    bool runaway;         /* wrote more than could be kept */
    bool swollen;         /* took more memory than it may */
    uint64_t memory_peak; /* bytes, of its largest process */
    uint64_t duration;
    struct output_seen {
        uint64_t length;
        uint64_t hash;       /* of all of it */
        uint64_t words_hash; /* of all but numbers and the space around them */
        uint32_t kept;       /* of text[] */
        char text[SEEN_TEXT_MAX];
    } out, err;
};

/* By us. */
static inline bool run_was_ended(const struct run_seen *run)
{
    return run->timed_out || run->runaway || run->swollen;
}

/* A return address, as a worker tells of it. */
struct frame_seen {
    uint64_t offset;
    char module[PLAN_EVENT_MODULE_MAX];
};

/* The call that failed first in a shortage. */
struct blame_seen {
    int32_t tid; /* of who made it; 0 when none failed */
    uint16_t call;
    int32_t error;
    uint64_t stack;
    uint32_t frame_count;
    struct frame_seen frames[PLAN_FRAMES_MAX];
};

/* Plain bytes: a worker sends it to the sweep as it is. */
struct seen {
    int32_t error; /* -errno of what kept us from running it, else 0 */
    bool fired;    /* what was to go wrong did */
    bool restarted;
    struct run_seen run;
    struct run_seen again; /* the restart */
    int32_t check_status;  /* wait status of the check */
    uint32_t processes_left;
    char process_left[SEEN_LINE_MAX]; /* names of them */
    char before[SEEN_LEFT_MAX];       /* objects that a trial put there, one a line, sorted */
    char left[SEEN_LEFT_MAX];         /* those there in the end */
    char explanation[SEEN_LINE_MAX];  /* of a hang */
    int32_t crash_signal;             /* of any process, when diagnosed */
    uint32_t frame_count;
    struct frame_seen frames[PLAN_FRAMES_MAX];
    struct blame_seen blame;
};

/* Prepares this process to run trials; the limits of the target are settled. Returns 0 or -errno. */
struct trial_runner;
int trial_runner_new(const struct target *target, struct trial_runner **ret_runner);
void trial_runner_free(struct trial_runner *runner);

/* Events go here, when the plan logs. */
struct trial_sink {
    void (*take)(void *context, const struct event *event);
    void *context;
};

/* Runs one; `seen` is filled in, also by another process: with an environment it has to be in shared memory.
 */
void trial_run(struct trial_runner *runner, const struct trial_setting *setting, struct trial_sink sink,
               struct seen *seen);
