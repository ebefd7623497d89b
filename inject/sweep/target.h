/* target.h - finds out how a command is reached, and sets up what its trials have in common. */
#pragma once

#include "inject/program.h"
#include "inject/sweep/trial.h"

enum { TARGET_REASON_MAX = PROGRAM_REASON_MAX };

/* A plan in memory without a name. Trials reach it through a descriptor of their world's first process. */
struct trial_plan_memory {
    struct plan *plan;
    size_t size;
    int fd;
};

/* Returns 0 or -errno. Every process that runs trials needs its own, with the same descriptor number. */
int trial_plan_memory_new(uint32_t slots, struct trial_plan_memory *ret_memory);
void trial_plan_memory_free(struct trial_plan_memory *memory);

/* Empties a plan for the next trial, which has at most the slots the memory was made for. */
void trial_plan_memory_clear(struct trial_plan_memory *memory, uint32_t slots, uint64_t seed);

/*
 * Chooses the engine ("auto", "preload", "seccomp") for target->argv and makes target->environment, which
 * the caller frees with target_free(). Returns 0, or -errno with the reason.
 */
int target_prepare(struct target *target, const char *engine, char reason[TARGET_REASON_MAX]);
void target_free(struct target *target);
