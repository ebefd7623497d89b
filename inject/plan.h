/*
 * plan.h - what a run's processes share: rules, counters and the log, in one file that each of them maps.
 * A fixed layout of plain numbers and lock-free atomics, usable from a signal handler and between fork and
 * exec. Rules are never changed in place: a slot is filled once, then switched on and off, so nobody needs a
 * lock. Shared by the shim and shmoo.
 */
#pragma once

#include "inject/rule.h"
#include "inject/sieve.h"

#include <stdatomic.h>

enum { PLAN_RULES_MAX = 63, PLAN_EVENT_NAME_MAX = 128, PLAN_EVENT_MODULE_MAX = 160 };

/* The environment variable that leads to the plan: "FD:PATH", the number of an open descriptor and the file.
 */
#define PLAN_VARIABLE "SHMOO_PLAN"

/* Bit of plan_watch.rules beside the rules': every call is logged, whether a rule matches or not. */
#define PLAN_TRACE (1ULL << 63)

enum plan_rule_state {
    PLAN_RULE_EMPTY,
    PLAN_RULE_ON,
    PLAN_RULE_OFF,
    PLAN_RULE_DELETED,
    PLAN_RULE_WRITING, /* taken, not to be looked at yet */
};

struct plan_rule {
    _Atomic uint32_t state;
    _Atomic uint64_t matched; /* over all processes */
    _Atomic uint64_t fired;
    struct rule rule;
};

/* The rules that are on for a call, and PLAN_TRACE; and which of its calls they can match. */
struct plan_watch {
    _Atomic uint64_t rules;
    struct sieve sieve;
};

/* A return address; the module is an index into plan.modules, or PLAN_MODULE_UNKNOWN. */
struct plan_frame {
    uint64_t offset;
    uint32_t module;
};
enum { PLAN_FRAMES_MAX = 12, PLAN_MODULES_MAX = 64, PLAN_MODULE_UNKNOWN = UINT32_MAX };

enum plan_module_state { PLAN_MODULE_FREE, PLAN_MODULE_WRITING, PLAN_MODULE_READY };

struct plan_module {
    _Atomic uint32_t state;
    char path[PLAN_EVENT_MODULE_MAX];
};

/* One traced call or fired fault. */
struct event {
    uint64_t time;     /* nanoseconds since 1970, when the call began */
    uint64_t duration; /* nanoseconds */
    int32_t pid, tid;
    uint16_t call;
    int16_t rule; /* that fired, or -1 */
    int32_t error;
    bool result_known; /* false where only the start of the call was seen */
    bool started_only; /* the call did not come back: a crash, or a signal took it */
    uint64_t result;
    uint64_t arguments[CALL_PARAMS_MAX];
    uint64_t place, number; /* what it made, in a run that asks only for that; see shim/made.c */
    uint64_t space, growth; /* bytes mapped before the call, and by it; of mappings with plan.spaces */
    int32_t fds[2];         /* of a pipe it made, then */
    uint64_t stack;         /* hash of frames[], 0 without them */
    struct plan_frame frames[PLAN_FRAMES_MAX]; /* innermost first; with plan.stacks only */
    uint32_t frame_count;
    uint32_t state;                     /* STATE_ bits, with plan.stacks only */
    uint32_t fd_kind;                   /* FD_ bit of the descriptor argument, with plan.stacks only */
    uint64_t caller;                    /* offset in the module, or the address when the module is unknown */
    char name[PLAN_EVENT_NAME_MAX];     /* of the object, when the call has one; the tail when longer */
    char module[PLAN_EVENT_MODULE_MAX]; /* path of the calling module */
};

/*
 * Bounded queue of many writers and one reader; `turn` tells whose a slot is. Zeros are an empty queue: a
 * large one whose slots had to be written to first would take milliseconds for the faults of its pages.
 */
struct plan_slot {
    _Atomic uint64_t turn;
    struct event event;
};

struct plan {
    uint32_t magic;
    uint32_t version;
    uint64_t size;
    uint64_t seed;
    uint32_t engine;                      /* REACH_ bit of the run's engine */
    uint64_t trapped[RULE_CALL_WORDS];    /* seccomp: calls the filter stops; fixed when the run starts */
    _Atomic uint32_t armed;               /* programs that loaded the shim or run under the filter */
    _Atomic uint32_t started;             /* programs that shimmed processes started by exec */
    _Atomic uint32_t deepbind;            /* libraries loaded so that their calls pass by the shim */
    _Atomic uint32_t handed_over;         /* runs inside this run that took their processes over */
    _Atomic uint32_t escaped[CALL_COUNT]; /* calls a rule would have matched that passed by the shim */
    _Atomic uint32_t closed;              /* nobody reads the log any more */
    _Atomic uint32_t log_faults;          /* fired faults go to the log */
    _Atomic uint32_t stacks;              /* logged calls come with their stack and state */
    uint32_t only_makers;         /* traced calls are logged only when they made an object, and which */
    uint32_t spaces;              /* logged calls that map come with sizes */
    _Atomic uint64_t start_space; /* of the largest program when it starts, then; without ours */
    _Atomic uint64_t own_space;   /* what the shim takes of it, without the plan */
    uint32_t only_failures;       /* traced calls are logged only when they failed */
    struct plan_module modules[PLAN_MODULES_MAX];
    _Atomic uint32_t rule_count; /* slots used */
    struct plan_watch watch[CALL_COUNT];
    struct plan_rule rules[PLAN_RULES_MAX];

    _Atomic uint64_t lost; /* events that found the queue full */
    _Atomic uint64_t head; /* next event to write */
    uint32_t slot_count;   /* power of two, or 0 when nothing is logged */
    struct plan_slot slots[];
};

/* Bytes a plan with that many slots needs. */
size_t plan_size(uint32_t slots);

/* Sets up zeroed memory of plan_size(slots) bytes. */
void plan_init(struct plan *plan, uint32_t slots, uint64_t seed);

/* True when memory of `size` bytes begins with a plan of this version. */
bool plan_valid(const struct plan *plan, size_t size);

/* Adds a rule, switched on. Returns its number, or -ENOSPC. */
int plan_add(struct plan *plan, const struct rule *rule);

/* Switches a rule. Returns 0, or -ENOENT when there is none (any more) with that number. */
int plan_switch(struct plan *plan, unsigned number, enum plan_rule_state state);

/* Ends the run: what still uses the plan goes on without faults and log. */
void plan_close(struct plan *plan);

/* Logs every call of this kind from now on; or of all kinds that the run's engine reaches. */
void plan_trace(struct plan *plan, unsigned call);
void plan_trace_all(struct plan *plan);

/* The number of a module in plan.modules, added when new; PLAN_MODULE_UNKNOWN when there are too many. */
uint32_t plan_module(struct plan *plan, const char *path);

/* Adds an event; false, and counted as lost, when the queue is full or nobody reads it. */
bool plan_log(struct plan *plan, const struct event *event);

/*
 * The one reader of a plan's events. What decides about bounds is kept here: the plan itself is mapped by
 * programs under test, which may write anywhere.
 */
struct plan_reader {
    struct plan *plan;
    uint64_t tail; /* next event to read */
    uint32_t slot_count;
};

struct plan_reader plan_reader_start(struct plan *plan);

/* Takes the oldest event; false when there is none. Its strings are NUL-terminated, its call and rule exist.
 */
bool plan_read(struct plan_reader *reader, struct event *ret_event);

/* True when an event is claimed but not written yet, or will never be. */
bool plan_waits(const struct plan_reader *reader);

/* Gives up waiting for the oldest claimed event, whose writer died. False when no event is claimed. */
bool plan_skip(struct plan_reader *reader);

/* Whether a slot has a rule that is on or off: not one that is gone, or being added. */
bool plan_rule_there(const struct plan_rule *slot);

/* Rules in the plan, never more than PLAN_RULES_MAX; and a rule's text, never longer than RULE_TEXT_MAX. */
uint32_t plan_rule_count(const struct plan *plan);
void plan_rule_text(const struct plan_rule *slot, char text[RULE_TEXT_MAX]);
