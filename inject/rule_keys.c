/* rule_keys.c - finds a key among those of rule_effects.c, rule_timing.c and rule_conditions.c. */
#include "inject/rule_keys.h"

#include "common/array.h"
#include "common/suggest.h"

#include <string.h>

/* The grammar: what may follow the calls. */
static const struct rule_key *const groups[] = {rule_effect_keys, rule_timing_keys, rule_condition_keys};

const struct rule_key *rule_key_find(const char *name, size_t length)
{
    for (size_t group = 0; group < COUNT_OF(groups); group++)
        for (const struct rule_key *key = groups[group]; key->name; key++)
            if (strlen(key->name) == length && memcmp(key->name, name, length) == 0)
                return key;
    return NULL;
}

int rule_key_refuse(const char *name, size_t length, size_t column, struct rule_error *error)
{
    struct suggest suggest = suggest_start(name, length);
    for (size_t group = 0; group < COUNT_OF(groups); group++)
        for (const struct rule_key *key = groups[group]; key->name; key++)
            suggest_offer(&suggest, key->name);
    suggest_offer(&suggest, "force");
    if (suggest.best)
        return rule_refuse(error, column, "no key '%.*s'; did you mean %s?", (int)length, name, suggest.best);
    return rule_refuse(error, column, "no key '%.*s'; see shmoo-rules(7)", (int)length, name);
}
