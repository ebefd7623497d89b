/* rule_effects.c - the keys that say what a rule does. See rule_keys.h. */
#include "inject/rule_keys.h"

#include "common/scan.h"
#include "common/suggest.h"
#include "common/units.h"
#include "inject/names.h"

#include <string.h>

static int set_error(const struct rule_setting *setting)
{
    int error = 0;
    if (!names_find_error(setting->value, strlen(setting->value), &error)) {
        struct suggest suggest = suggest_start(setting->value, strlen(setting->value));
        for (const char *name; (name = names_next_error(&error));)
            suggest_offer(&suggest, name);
        if (suggest.best)
            return rule_refuse(setting->error, setting->column, "no error '%s'; did you mean %s?",
                               setting->value, suggest.best);
        return rule_value_refuse(setting, "the name of an error, as EAGAIN");
    }
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
    int signal = 0;
    if (!names_find_signal(setting->value, strlen(setting->value), &signal)) {
        const char *word = setting->value + (strncmp(setting->value, "SIG", 3) == 0 ? 3 : 0);
        struct suggest suggest = suggest_start(word, strlen(word));
        for (const char *name; (name = names_next_signal(&signal));)
            suggest_offer(&suggest, name);
        if (suggest.best)
            return rule_refuse(setting->error, setting->column, "no signal '%s'; did you mean %s?",
                               setting->value, suggest.best);
        return rule_value_refuse(setting, "the name of a signal, as USR1");
    }
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
