/* judge.c - see judge.h. */
#include "inject/judge.h"

uint64_t judge_possible(const struct plan *plan, uint64_t rules, const struct facts *facts)
{
    uint64_t possible = rules;
    for (; rules; rules &= rules - 1)
        if (decide_excludes(&plan->rules[__builtin_ctzll(rules)].rule, facts))
            possible &= ~(rules & -rules);
    return possible;
}

struct needs judge_needs(const struct plan *plan, uint64_t rules, unsigned call)
{
    struct needs needs = {0};
    for (; rules; rules &= rules - 1) {
        struct needs one = decide_needs(&plan->rules[__builtin_ctzll(rules)].rule, call);
        needs.facts |= one.facts;
        needs.states |= one.states;
    }
    return needs;
}

int judge_call(struct plan *plan, uint64_t rules, const struct facts *facts, judge_ordinal *ordinal,
               void *context)
{
    int winner = -1;
    for (; rules; rules &= rules - 1) {
        unsigned number = (unsigned)__builtin_ctzll(rules);
        struct plan_rule *slot = &plan->rules[number];
        if (!decide_matches(&slot->rule, facts))
            continue;
        uint64_t in_tree = atomic_fetch_add_explicit(&slot->matched, 1, memory_order_relaxed) + 1;
        uint64_t count = slot->rule.count == COUNT_TREE ? in_tree : ordinal(slot, number, context);
        if (winner < 0 && decide_due(&slot->rule, count, plan->seed))
            winner = (int)number;
    }
    if (winner >= 0)
        atomic_fetch_add_explicit(&plan->rules[winner].fired, 1, memory_order_relaxed);
    return winner;
}
