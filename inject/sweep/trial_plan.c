/* trial_plan.c - see trial_plan.h. */
#include "inject/sweep/trial_plan.h"

#include "inject/names.h"
#include "inject/sweep/environment.h"

#include <errno.h>
#include <stdio.h>

/* Room for one trial more, with its rank: trials are sorted by it. */
struct ranked {
    uint32_t rank;
    struct trial trial;
};
typedef ARRAY(struct ranked) ranked_list;

/* Only a wrong argument brings these, and a program is not asked to cope with its own bugs. */
static const int own_fault[] = {EBADF, EFAULT, EINVAL, ESPIPE, ENOTTY, EDEADLK, ENOTRECOVERABLE, EOVERFLOW};

/* These pass: a program that tries again for ever is right, so they are never given for ever. */
static const int passing[] = {EINTR, EAGAIN, ETIMEDOUT, EBUSY, EOWNERDEAD};

static bool is_among(const int *errors, size_t count, int error)
{
    for (size_t index = 0; index < count; index++)
        if (errors[index] == error)
            return true;
    return false;
}

static bool is_chosen(const struct trial_choice *choice, int error)
{
    if (!choice->errors)
        return choice->every_error || !is_among(own_fault, COUNT_OF(own_fault), error);
    for (const int *chosen = choice->errors; *chosen; chosen++)
        if (*chosen == error)
            return true;
    return false;
}

static bool add(ranked_list *list, uint32_t rank, struct trial trial)
{
    struct ranked *ranked = array_push(list);
    if (ranked)
        *ranked = (struct ranked){rank, trial};
    return ranked;
}

static bool is_feasible(const struct trial_choice *choice, const struct occurrence *occurrence,
                        const struct call_error *row)
{
    if (!is_chosen(choice, row->error) || (choice->engine == REACH_SECCOMP && row->guard.preload_only))
        return false;
    return decide_guard(&row->guard, &occurrence->facts);
}

static bool add_errors(const struct trial_choice *choice, const struct occurrence *occurrence, uint32_t depth,
                       ranked_list *list)
{
    const struct call *call = &calls[occurrence->facts.call];
    struct trial trial = {.site = (int32_t)occurrence->site, .occurrence = occurrence->number};
    uint32_t rank = 2 * depth;
    for (unsigned index = 0; index < CALL_ERRORS_MAX && call->errors[index].error; index++) {
        const struct call_error *row = &call->errors[index];
        if (!is_feasible(choice, occurrence, row))
            continue;
        trial.error = row->error;
        trial.mode = MODE_once;
        if ((choice->modes >> MODE_once & 1) && !add(list, rank, trial))
            return false;
        trial.mode = MODE_on;
        if ((choice->modes >> MODE_on & 1) && !is_among(passing, COUNT_OF(passing), row->error) &&
            !add(list, rank + 3, trial))
            return false;
        rank += 2;
    }
    return true;
}

static bool add_crashes(const struct trial_choice *choice, const struct occurrence *occurrence,
                        uint32_t depth, ranked_list *list)
{
    static const enum trial_mode modes[] = {MODE_crash_before, MODE_crash_after, MODE_delay};
    for (size_t index = 0; index < COUNT_OF(modes); index++) {
        struct trial trial = {
            .site = (int32_t)occurrence->site, .occurrence = occurrence->number, .mode = modes[index]};
        if (!(choice->modes >> modes[index] & 1))
            continue;
        if (choice->engine == REACH_SECCOMP && modes[index] == MODE_crash_after)
            continue;
        if (!add(list, 2 * depth + 1, trial))
            return false;
    }
    return true;
}

static bool add_environments(const struct trial_choice *choice, const struct learnt *learnt,
                             ranked_list *list)
{
    if (!(choice->modes >> MODE_environment & 1))
        return true;
    for (size_t index = 0; index < environment_count; index++) {
        struct trial trial = {.site = -1, .mode = MODE_environment, .setting = environments[index].name};
        if (!environment_applies(&environments[index], learnt))
            continue;
        if (!add(list, 2, trial))
            return false;
    }
    return true;
}

static bool is_chosen_call(const struct trial_choice *choice, unsigned call)
{
    bool any = false;
    for (unsigned word = 0; word < RULE_CALL_WORDS; word++)
        any |= choice->calls[word] != 0;
    return (!any || (choice->calls[call / 64] >> (call % 64) & 1)) && (calls[call].reach & choice->engine);
}

static int compare(const void *one, const void *other)
{
    const struct ranked *a = one;
    const struct ranked *b = other;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    /* Made in the order of sites and errors; `number` keeps it, as qsort(3) may not. */
    return a->trial.number < b->trial.number ? -1 : 1;
}

static bool collect(const struct record *record, const struct trial_choice *choice, ranked_list *list)
{
    array_each(&record->occurrences, occurrence)
    {
        uint32_t depth = occurrence->number - 1;
        if (depth > record->depth)
            depth = record->depth;
        if (is_chosen_call(choice, occurrence->facts.call) &&
            (!add_errors(choice, occurrence, depth, list) || !add_crashes(choice, occurrence, depth, list)))
            return false;
    }
    return add_environments(choice, &record->result->learnt, list);
}

int trial_plan_make(const struct record *record, const struct trial_choice *choice, trial_list *ret_trials)
{
    ranked_list list = {0};
    trial_list trials = {0};
    bool good = collect(record, choice, &list);
    for (size_t index = 0; index < list.count; index++)
        list.items[index].trial.number = (uint32_t)index;
    if (list.count)
        qsort(list.items, list.count, sizeof(*list.items), compare);
    for (size_t index = 0; good && index < list.count; index++) {
        struct trial *trial = array_push(&trials);
        good = trial;
        if (!trial)
            break;
        *trial = list.items[index].trial;
        trial->number = (uint32_t)index + 1;
    }
    array_free(&list);
    if (!good) {
        array_free(&trials);
        return -ENOMEM;
    }
    *ret_trials = trials;
    return 0;
}

bool trial_plan_rule(const struct sweep_result *result, const struct trial *trial, char text[RULE_TEXT_MAX])
{
    if (trial->site < 0)
        return false;
    const struct site *site = &result->sites.items[trial->site];
    const char *call = calls[site->call].name;
    char where[64] = "";
    if (site->stack_hash)
        snprintf(where, sizeof(where), ":stack=%llx", (unsigned long long)site->stack_hash);
    switch ((enum trial_mode)trial->mode) {
    case MODE_once:
    case MODE_on:
        snprintf(text, RULE_TEXT_MAX, "%s:error=%s%s:when=%u%s", call, names_error(trial->error), where,
                 trial->occurrence, trial->mode == MODE_on ? "+" : "");
        return true;
    case MODE_crash_before:
    case MODE_crash_after:
        snprintf(text, RULE_TEXT_MAX, "%s:crash=%s%s:when=%u", call,
                 trial->mode == MODE_crash_before ? "before" : "after", where, trial->occurrence);
        return true;
    case MODE_delay:
        snprintf(text, RULE_TEXT_MAX, "%s:delay=100ms%s:when=%u", call, where, trial->occurrence);
        return true;
    default: return false;
    }
}
