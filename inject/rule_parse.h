/*
 * rule_parse.h - reads the text of a rule (the grammar is in shmoo-rules(7)) and refuses what cannot be.
 * Pure: the same text gives the same rule or the same message. Text comes from outside; any bytes are fine.
 */
#pragma once

#include "inject/rule.h"

enum { RULE_MESSAGE_MAX = 512 };

struct rule_error {
    size_t column; /* from 1; 0 when the rule as a whole is meant */
    char message[RULE_MESSAGE_MAX];
};

/* Returns 0, or -EINVAL with ret_error filled in. */
int rule_parse(const char *text, struct rule *ret_rule, struct rule_error *ret_error);

/* What is wrong with a rule that parsed: nothing to do, impossible errors, conditions its calls cannot have.
 */
int rule_check(struct rule *rule, const bool named[CALL_COUNT], struct rule_error *ret_error);

/* Whether an engine (one REACH_ bit) can serve the rule. Returns 0, or -ENOTSUP with the reason. */
int rule_check_engine(const struct rule *rule, enum call_reach engine, struct rule_error *ret_error);

/* Fills in an error and returns -EINVAL. */
int rule_refuse(struct rule_error *error, size_t column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
