/*
 * shim.h - the inside of libshmoo-inject.so: what every wrapper uses. Links libc only. Everything here may
 * run in a signal handler, between fork and exec, and before main, so: no malloc, no stdio, no locks.
 */
#pragma once

#include "inject/decide.h"
#include "inject/plan.h"

#include <limits.h>
#include <stdbool.h>

#define SHIM_EXPORT __attribute__((visibility("default")))
#define SHIM_HIDDEN __attribute__((visibility("hidden"))) /* found without a load from a table */
#define SHIM_SLOW   __attribute__((noinline, cold))

/* The run's plan, or an empty one before this process armed itself. */
extern struct plan *shim_plan SHIM_HIDDEN;

/* The program's file. */
extern char shim_program_path[PATH_MAX];

/* The next definition of a function, or NULL. */
void *shim_resolve(const char *name);

/* libc's own syscall(2) function; found once, kept, and called. */
typedef long shim_syscall(long number, ...);
shim_syscall *shim_find_syscall(void);
long shim_raw(long number, ...);

/* Declares a[], the arguments of a function with the parameters of syscall(2), which reads all six itself. */
#define SHIM_READ_ARGUMENTS(last)                \
    long a[6];                                   \
    va_list arguments;                           \
    va_start(arguments, last);                   \
    for (unsigned index = 0; index < 6; index++) \
        a[index] = va_arg(arguments, long);      \
    va_end(arguments)

static inline bool shim_watched(unsigned call)
{
    return __builtin_expect(atomic_load_explicit(&shim_plan->watch[call].rules, memory_order_relaxed) != 0,
                            0);
}

/* Whether no rule can match a call with that size and those flags, each 0 when it has none. */
static inline bool shim_sieved(unsigned call, uint64_t size, uint64_t flags)
{
    return sieve_stops(&shim_plan->watch[call].sieve, size, flags);
}

/* A watched call on its way through a wrapper. */
struct shim_call {
    struct facts facts; /* arguments may be changed by a rule (short transfers) */
    const void *caller;
    uint64_t result;
    const struct rule *rule; /* that fires, or NULL */
    int rule_number;
    int error;     /* errno for the program */
    bool injected; /* result and error come from the rule */
    bool logged;
    uint64_t start; /* CLOCK_MONOTONIC nanoseconds; only when logged */
    uint64_t time;  /* CLOCK_REALTIME nanoseconds; only when logged */
    struct plan_frame frames[PLAN_FRAMES_MAX];
    uint32_t frame_count;
    uint64_t space; /* before the call; only when sizes are asked for */
    struct shim_strings {
        char name[PLAN_EVENT_NAME_MAX];
        char thread[RULE_COMM_MAX];
        const char *module; /* path of the calling module */
    } strings;
};

/*
 * Judges the call and does what comes before it. True when the real call is to be made, with
 * facts.arguments, and its result put into call->result; false when call->result and errno are set already.
 */
bool shim_begin(struct shim_call *call, unsigned number, const uint64_t arguments[CALL_PARAMS_MAX],
                const void *caller);

/* Does what comes after the call, and logs it. Returns the result; errno is the call's. */
uint64_t shim_end(struct shim_call *call);

/* Finds the stack of a call: facts.stack and the frames. */
void shim_stack(struct shim_call *call);
/* Bytes of address space the program takes, without ours; and what is ours, with the plan. */
uint64_t shim_space(void);
uint64_t shim_own_space(void);

/* Puts into the event of a call that worked what it made; false when that is nothing. */
bool shim_made(struct event *event);

/* In a run that asks who made what: tells it of a call that has worked and that no wrapper judged. */
void shim_note(unsigned number, const uint64_t arguments[CALL_PARAMS_MAX], uint64_t result,
               const void *caller);

/* The STATE_ bits of `wanted` that hold for a call; others may be among them. */
uint32_t shim_states(const struct facts *facts, uint32_t wanted);

/* Finds out what is needed. */
void shim_facts(struct shim_call *call, struct needs needs);

/* sem_open gave this semaphore, sem_close took it back; and what name it was opened by, or NULL. */
void shim_sem_opened(const void *semaphore, const char *name);
void shim_sem_closed(const void *semaphore);
const char *shim_sem_name(uint64_t address);

/* The next number of a rule's matches in this process or thread; a judge_ordinal. */
uint64_t shim_ordinal(struct plan_rule *slot, unsigned number, void *context);

/* Copies a string that may be at a bad address; false when it is. Longer ones are cut. */
bool shim_copy_string(char *buffer, size_t size, uint64_t address);

/* Sets up: called once, by the constructor in arm.c. */
void shim_counters_init(void);
void shim_exec_init(const char *setting);
void shim_wrap_init(void);
void shim_own_init(void);
void shim_open_init(void);
void shim_inner_init(void);
void shim_mutex_init(void);
void shim_syscall_init(void);
