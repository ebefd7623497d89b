/*
 * rule_keys.h - the keys of a rule: what may stand behind the calls, and how each value is read.
 */
#pragma once

#include "inject/rule.h"
#include "inject/rule_error.h"

/* Fires always: chances are fractions of this. */
#define RULE_ALWAYS (1ULL << 32)

/* One key with its value, unescaped. */
struct rule_setting {
    const char *value;
    const char *operator; /* "=", ">=", "<=", ">", "<" */
    size_t column;        /* of the value */
    struct rule *rule;
    struct rule_error *error;
};

enum rule_key_flag {
    KEY_COMPARES = 1 << 0, /* takes <, <=, >, >= beside = */
    KEY_REPEATS = 1 << 1,  /* may be given twice: two bounds, a moment and a count */
};

struct rule_key {
    const char *name;
    int (*set)(const struct rule_setting *setting); /* 0, or -EINVAL with setting->error filled in */
    unsigned flags;                                 /* KEY_ bits */
};

/* What happens, when, and to which calls; each ends with a NULL name. */
extern const struct rule_key rule_effect_keys[];
extern const struct rule_key rule_timing_keys[];
extern const struct rule_key rule_condition_keys[];

/* Refuses a value; `wanted` says what would be one. Returns -EINVAL. */
static inline int rule_value_refuse(const struct rule_setting *setting, const char *wanted)
{
    return rule_refuse(setting->error, setting->column, "'%s' is not %s", setting->value, wanted);
}

/* The key of that name, or NULL. */
const struct rule_key *rule_key_find(const char *name, size_t length);

/* Refuses a name that is no key, with the nearest that is. Returns -EINVAL. */
int rule_key_refuse(const char *name, size_t length, size_t column, struct rule_error *error);
