/*
 * judge.h - a call against the rules that are on for it: the step both engines share between finding the
 * facts and acting. Decisions are decide.h's; this only walks the rules and counts. Safe in a signal handler.
 */
#pragma once

#include "inject/decide.h"
#include "inject/plan.h"

/* The number of this match of a rule, as the rule counts (tree, process, thread), from 1. */
typedef uint64_t judge_ordinal(struct plan_rule *slot, unsigned number, void *context);

/* The rules (bit per rule) that the arguments alone do not rule out. */
uint64_t judge_possible(const struct plan *plan, uint64_t rules, const struct facts *facts);

/* What any of the rules (bit per rule) asks for. */
struct needs judge_needs(const struct plan *plan, uint64_t rules, unsigned call);

/*
 * The number of the rule that fires, counted as fired, or -1. Every rule that matches counts the call, also
 * behind the one that fires, so that a rule's `when` does not depend on the rules before it.
 */
int judge_call(struct plan *plan, uint64_t rules, const struct facts *facts, judge_ordinal *ordinal,
               void *context);
