/* trial_plan.h - which trials a sweep makes of what was recorded. Pure: the same record, the same plan. */
#pragma once

#include "inject/rule.h"
#include "inject/sweep/record.h"

typedef ARRAY(struct trial) trial_list;

struct trial_choice {
    uint64_t calls[RULE_CALL_WORDS]; /* bit per call; all 0: every call */
    const int *errors;               /* ends with 0; NULL: those that production has */
    bool every_error;                /* also those only a wrong argument brings: EINVAL, EBADF, ... */
    uint32_t modes;                  /* bit per enum trial_mode */
    enum call_reach engine;
};

/*
 * Trials, the most telling first: the likeliest errors of every site before the rare ones of any. Numbers
 * are set. Returns 0 or -ENOMEM.
 */
int trial_plan_make(const struct record *record, const struct trial_choice *choice, trial_list *ret_trials);

/* The rule that makes the trial, as `shmoo inject -e` takes it; false for those no rule can make. */
bool trial_plan_rule(const struct sweep_result *result, const struct trial *trial, char text[RULE_TEXT_MAX]);
