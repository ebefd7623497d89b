/* rule_effects.c - the keys that say what a rule does. See rule_keys.h. */
#include "inject/rule_keys.h"

#include "common/scan.h"
#include "common/suggest.h"
#include "common/units.h"
#include "inject/names.h"

#include <string.h>

/* With the nearest of the names that `next` walks; `word` is the part of the value that they are like. */
static int refuse_name(const struct rule_setting *setting, const char *kind, const char *word,
                       const char *(*next)(int *cursor), const char *wanted)
{
    struct suggest suggest = suggest_start(word, strlen(word));
    int cursor = 0;
    for (const char *name; (name = next(&cursor));)
        suggest_offer(&suggest, name);
    if (!suggest.best)
        return rule_value_refuse(setting, wanted);
    return rule_refuse(setting->error, setting->column, "no %s '%s'; did you mean %s?", kind, setting->value,
                       suggest.best);
}

static int set_error(const struct rule_setting *setting)
{
    int error;
    if (!names_find_error(setting->value, strlen(setting->value), &error))
        return refuse_name(setting, "error", setting->value, names_next_error,
                           "the name of an error, as EAGAIN");
    setting->rule->error = error;
    setting->rule->effects |= EFFECT_ERROR;
    return 0;
}

static int set_retval(const struct rule_setting *setting)
{
    struct scan scan = scan_text(setting->value);
    if (!scan_signed(&scan, &setting->rule->retval) || !scan_done(&scan))
        return rule_value_refuse(setting, "a number");
    setting->rule->effects |= EFFECT_RETVAL;
    return 0;
}

static int set_signal(const struct rule_setting *setting)
{
    const char *word = setting->value + (strncmp(setting->value, "SIG", 3) == 0 ? 3 : 0);
    int signal;
    if (!names_find_signal(setting->value, strlen(setting->value), &signal))
        return refuse_name(setting, "signal", word, names_next_signal, "the name of a signal, as USR1");
    setting->rule->signal = signal;
    setting->rule->effects |= EFFECT_SIGNAL;
    return 0;
}

static int set_duration(const struct rule_setting *setting, uint64_t *duration, enum rule_effect effect)
{
    if (units_parse_duration(setting->value, duration) < 0)
        return rule_value_refuse(setting, "a duration, as 50ms");
    setting->rule->effects |= effect;
    return 0;
}

static int set_delay(const struct rule_setting *setting)
{
    return set_duration(setting, &setting->rule->delay, EFFECT_DELAY);
}

static int set_delay_after(const struct rule_setting *setting)
{
    return set_duration(setting, &setting->rule->delay_after, EFFECT_DELAY_AFTER);
}

static int set_short(const struct rule_setting *setting)
{
    if (units_parse_size(setting->value, &setting->rule->short_to) < 0)
        return rule_value_refuse(setting, "a number of bytes");
    setting->rule->effects |= EFFECT_SHORT;
    return 0;
}

static int set_crash(const struct rule_setting *setting)
{
    if (strcmp(setting->value, "before") == 0)
        setting->rule->effects |= EFFECT_CRASH_BEFORE;
    else if (strcmp(setting->value, "after") == 0)
        setting->rule->effects |= EFFECT_CRASH_AFTER;
    else
        return rule_value_refuse(setting, "before or after");
    return 0;
}

const struct rule_key rule_effect_keys[] = {
    {"error",       set_error,       0},
    {"retval",      set_retval,      0},
    {"signal",      set_signal,      0},
    {"delay",       set_delay,       0},
    {"delay-after", set_delay_after, 0},
    {"short",       set_short,       0},
    {"crash",       set_crash,       0},
    {NULL,          NULL,            0},
};
