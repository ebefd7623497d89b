/* space.c - see space.h. */
#include "inject/sweep/space.h"

#include "inject/plan.h"

/* Less is a matter of chance: a stack or a heap may be some pages larger from run to run. */
static const uint64_t mapping_min = 64 * 1024;

/* Sanitizers take terabytes, and complain of a limit in words of their own. */
static const uint64_t space_max = UINT64_C(1) << 40;

void space_add(struct learnt *learnt, const struct event *event)
{
    if (event->growth < mapping_min || event->growth <= learnt->mapping)
        return;
    learnt->mapping = event->growth;
    learnt->space = event->space + event->growth / 2;
}

void space_end(struct learnt *learnt, const struct plan *plan)
{
    learnt->own_space = plan->own_space;
    if (learnt->space > space_max || learnt->space < plan->start_space)
        learnt->space = 0;
}

void space_keep_common(struct learnt *learnt, const struct learnt *other)
{
    uint64_t low = learnt->space < other->space ? learnt->space : other->space;
    uint64_t high = learnt->space < other->space ? other->space : learnt->space;
    if (!low || high - low > learnt->mapping / 4)
        learnt->space = 0;
}
