/* result.c - see result.h. */
#include "inject/sweep/result.h"

#include <string.h>

const struct verdict_row verdicts[VERDICT_COUNT] = {
#define VERDICT(name, cell, finding, text) [VERDICT_##name] = {#name, cell, finding, text},
#include "inject/sweep/verdicts.def"
#undef VERDICT
};

const struct mode_row trial_modes[MODE_COUNT] = {
#define MODE(name, text) [MODE_##name] = {#name, text},
#include "inject/sweep/modes.def"
#undef MODE
};

int verdict_find(const char *name)
{
    for (int index = 0; index < VERDICT_COUNT; index++)
        if (strcmp(verdicts[index].name, name) == 0)
            return index;
    return -1;
}

int trial_mode_find(const char *name)
{
    for (int index = 0; index < MODE_COUNT; index++)
        if (strcmp(trial_modes[index].name, name) == 0)
            return index;
    return -1;
}

const struct site *outcome_site(const struct sweep_result *result, const struct outcome *outcome)
{
    return outcome->trial.site < 0 ? outcome->blame : &result->sites.items[outcome->trial.site];
}

void sweep_result_free(struct sweep_result *result)
{
    array_free(&result->learnt.made);
    array_free(&result->sites);
    array_free(&result->outcomes);
    array_free(&result->findings);
    array_free(&result->notes);
    arena_free(&result->arena);
}
