/*
 * rule_parse.h - reads the text of a rule (the grammar is in shmoo-rules(7)) and refuses what cannot be.
 * Pure: the same text gives the same rule or the same message. Text comes from outside; any bytes are fine.
 */
#pragma once

#include "inject/rule.h"
#include "inject/rule_error.h"

/* Returns 0, or -EINVAL with ret_error filled in. */
int rule_parse(const char *text, struct rule *ret_rule, struct rule_error *ret_error);
