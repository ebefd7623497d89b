/* blame.c - see blame.h. */
#include "inject/sweep/blame.h"

#include "inject/sweep/trial_judge.h"

#include <stdio.h>

void blame_watch(struct plan *plan)
{
    if (plan->engine != REACH_PRELOAD)
        return;
    plan->only_failures = 1;
    plan->stacks = 1;
    plan_trace_all(plan);
}

static void keep(const struct blame *blame, const struct event *event)
{
    struct blame_seen *seen = blame->seen;
    *seen = (struct blame_seen){.tid = event->tid,
                                .call = event->call,
                                .error = event->error,
                                .stack = event->stack,
                                .frame_count = event->frame_count};
    for (uint32_t index = 0; index < event->frame_count; index++) {
        const struct plan_frame *frame = &event->frames[index];
        seen->frames[index].offset = frame->offset;
        if (frame->module < PLAN_MODULES_MAX)
            snprintf(seen->frames[index].module, sizeof(seen->frames[index].module), "%.*s",
                     (int)sizeof(seen->frames[index].module) - 1, blame->plan->modules[frame->module].path);
    }
}

/*
 * Programs remove what may be there without looking whether they could: that is to blame only when nothing
 * else fails. Threads are told apart by number: the first made has the lowest, whoever fails first.
 */
static bool is_better(const struct blame_seen *seen, const struct event *event)
{
    bool removes = judge_removes(event->call);
    if (!seen->tid || judge_removes(seen->call) != removes)
        return !seen->tid || !removes;
    return event->tid < seen->tid;
}

void blame_take(void *context, const struct event *event)
{
    const struct blame *blame = context;
    if (event->error && is_better(blame->seen, event) && record_concerns(event) &&
        !record_fails_so(blame->record, event))
        keep(blame, event);
}
