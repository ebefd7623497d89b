/* sieve.c - see sieve.h. The same conditions as size_holds() and flags_hold() in decide.c. */
#include "inject/sieve.h"

#include "inject/rule.h"

const struct sieve_holes sieve_closed = {UINT64_MAX, 0, UINT64_MAX, UINT64_MAX};
const struct sieve_holes sieve_open = {0, UINT64_MAX, 0, 0};

void sieve_add(struct sieve_holes *holes, const struct rule *rule, unsigned number)
{
    const struct call *call = &calls[number];
    bool sized = call_param(call, ROLE_SIZE) >= 0;
    int flags = call_flags_param(call);
    bool flagged = flags >= 0 && !call_role_is_command(call->params[flags].role);
    uint64_t size_min = sized ? rule->size_min : 0;
    uint64_t size_max = sized ? rule->size_max : UINT64_MAX;
    holes->size_min = size_min < holes->size_min ? size_min : holes->size_min;
    holes->size_max = size_max > holes->size_max ? size_max : holes->size_max;
    holes->flags_set &= flagged ? rule->flags_set : 0;
    holes->flags_clear &= flagged ? rule->flags_clear : 0;
}

void sieve_set(struct sieve *sieve, const struct sieve_holes *holes)
{
    sieve->size_min = holes->size_min;
    sieve->size_max = holes->size_max;
    sieve->flags_set = holes->flags_set;
    sieve->flags_clear = holes->flags_clear;
}
