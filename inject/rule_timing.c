/* rule_timing.c - the keys that say when a rule is due. See rule_keys.h. */
#include "inject/rule_keys.h"

#include "common/array.h"
#include "common/scan.h"
#include "common/units.h"

#include <ctype.h>
#include <string.h>

/* N, N+, N+STEP, N..M, and before or after, which say when a signal comes. */
static int set_when(const struct rule_setting *setting)
{
    struct rule *rule = setting->rule;
    if (strcmp(setting->value, "after") == 0 || strcmp(setting->value, "before") == 0) {
        if (rule->signal_after)
            return rule_refuse(setting->error, setting->column, "when is given twice");
        rule->signal_after = *setting->value == 'a';
        return 0;
    }
    if (rule->first != 1 || rule->last != UINT64_MAX || rule->step != 1)
        return rule_refuse(setting->error, setting->column, "when is given twice");
    struct scan scan = scan_text(setting->value);
    uint64_t first;
    uint64_t last = UINT64_MAX;
    uint64_t step = 1;
    if (!scan_decimal(&scan, &first) || first == 0)
        return rule_value_refuse(setting, "N, N+, N+STEP, N..M, before or after, counted from 1");
    if (scan_done(&scan))
        last = first;
    else if (scan_literal(&scan, ".."))
        scan_decimal(&scan, &last);
    else if (scan_char(&scan, '+'))
        scan_decimal(&scan, &step);
    if (!scan_done(&scan) || step == 0 || last < first || (scan.at[-1] == '.'))
        return rule_value_refuse(setting, "N, N+, N+STEP, N..M, before or after");
    rule->first = first;
    rule->last = last;
    rule->step = step;
    return 0;
}

/* "5%", "0.1%" or "0.05"; kept as a fraction of 2^32, without floating point. */
static int set_prob(const struct rule_setting *setting)
{
    static const char wanted[] = "a probability, as 5% or 0.05";
    struct scan scan = scan_text(setting->value);
    uint64_t whole;
    uint64_t fraction = 0;
    uint64_t scale = 1;
    if (!scan_decimal(&scan, &whole) || whole > 100)
        return rule_value_refuse(setting, wanted);
    if (scan_char(&scan, '.')) {
        for (; isdigit((unsigned char)scan_peek(&scan)) && scale < 1000000; scan.at++, scale *= 10)
            fraction = fraction * 10 + (uint64_t)(*scan.at - '0');
        if (scale == 1)
            return rule_value_refuse(setting, wanted);
    }
    uint64_t one = scan_char(&scan, '%') ? scale * 100 : scale;
    uint64_t part = whole * scale + fraction;
    if (!scan_done(&scan) || part > one)
        return rule_value_refuse(setting, wanted);
    setting->rule->chance = (uint64_t)((__uint128_t)RULE_ALWAYS * part / one);
    return 0;
}

static int set_seed(const struct rule_setting *setting)
{
    return units_parse_number(setting->value, &setting->rule->seed) < 0
               ? rule_value_refuse(setting, "a number")
               : 0;
}

static int set_count(const struct rule_setting *setting)
{
    static const char *const names[] = {
        [COUNT_TREE] = "tree", [COUNT_PROCESS] = "process", [COUNT_THREAD] = "thread"};
    for (uint32_t count = 0; count < COUNT_OF(names); count++)
        if (strcmp(setting->value, names[count]) == 0) {
            setting->rule->count = count;
            return 0;
        }
    return rule_value_refuse(setting, "tree, process or thread");
}

const struct rule_key rule_timing_keys[] = {
    {"when",  set_when,  KEY_REPEATS},
    {"prob",  set_prob,  0          },
    {"seed",  set_seed,  0          },
    {"count", set_count, 0          },
    {NULL,    NULL,      0          },
};
