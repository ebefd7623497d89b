/* rule_check.h - refuses rules that can be read but not be carried out, with the reason. Pure. */
#pragma once

#include "inject/rule.h"
#include "inject/rule_error.h"

/*
 * What is wrong with a rule that parsed: nothing to do, impossible errors, conditions its calls cannot have.
 * Calls that were not `named` one by one are taken out of the rule instead. Returns 0, or -EINVAL.
 */
int rule_check(struct rule *rule, const bool named[CALL_COUNT], struct rule_error *ret_error);

/* Whether an engine (one REACH_ bit) can serve the rule. Returns 0, or -ENOTSUP with the reason. */
int rule_check_engine(const struct rule *rule, enum call_reach engine, struct rule_error *ret_error);
