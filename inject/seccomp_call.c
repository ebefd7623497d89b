/* seccomp_call.c - see seccomp_call.h. */
#include "inject/seccomp_call.h"

#include "common/clock.h"
#include "inject/judge.h"
#include "inject/remote.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

static bool path_fits(struct stopped *stopped, const struct call_syscall *system, const struct call *call,
                      const uint64_t parameters[])
{
    char path[CALL_PATH_START];
    if (!system->under[0])
        return true;
    stopped->looked = true;
    return remote_string(stopped->tid, parameters[call_name_param(call)], path, sizeof(path)) == 0 &&
           call_path_fits(system, path);
}

static bool is_row(struct stopped *stopped, unsigned number, uint64_t ret_parameters[CALL_PARAMS_MAX])
{
    const struct call *call = &calls[number];
    uint64_t arguments[6];
    memcpy(arguments, stopped->notification->data.args, sizeof(arguments));
    for (unsigned which = 0; which < CALL_SYSCALLS_MAX && call->syscalls[which].name[0]; which++) {
        const struct call_syscall *system = &call->syscalls[which];
        if (system->number == stopped->notification->data.nr &&
            call_syscall_fits(call, system, arguments, ret_parameters) &&
            path_fits(stopped, system, call, ret_parameters))
            return true;
    }
    return false;
}

static void take_stack(struct plan *plan, struct stopped *stopped)
{
    stopped->looked = true;
    struct remote_stack *stack = &stopped->stack;
    remote_stack_read(stopped->stacks, plan, stopped->pid, stopped->tid, stopped->facts.call, stack);
    const char *slash = strrchr(stack->module, '/');
    stopped->facts.caller = slash ? slash + 1 : NULL;
    stopped->facts.caller_offset = stack->frames[0].offset;
    stopped->facts.stack = stack->hash;
}

static bool is_there(const struct stopped *stopped)
{
    uint64_t id = stopped->notification->id;
    return ioctl(stopped->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

/*
 * Whether the call is the row, with the facts its rules ask for; ret_rules are those still possible. What we
 * read of a caller that is gone may be another's, so it must be there afterwards.
 */
static bool take_row(struct plan *plan, struct stopped *stopped, unsigned number, uint64_t *ret_rules)
{
    uint64_t watch = plan->watch[number].rules;
    uint64_t parameters[CALL_PARAMS_MAX];
    if (!watch || !(calls[number].reach & REACH_SECCOMP) || !is_row(stopped, number, parameters))
        return false;
    stopped->facts = (struct facts){.call = (uint16_t)number};
    memcpy(stopped->facts.arguments, parameters, sizeof(parameters));
    *ret_rules = judge_possible(plan, watch & ~PLAN_TRACE, &stopped->facts);
    struct needs needs = judge_needs(plan, *ret_rules, number);
    if (watch & PLAN_TRACE || (*ret_rules && plan->log_faults))
        needs.facts |= NEED_NAME | (call_ipc_only(number, parameters) ? NEED_FD_KIND : 0);
    if (watch & PLAN_TRACE && plan->stacks) {
        needs.facts |= NEED_FD_KIND;
        needs.states |= decide_states(number);
    }
    stopped->looked |= needs.facts || needs.states;
    remote_facts(stopped->pid, stopped->tid, needs, &stopped->facts, &stopped->strings);
    stopped->traced =
        (watch & PLAN_TRACE) && (!call_ipc_only(number, parameters) || (stopped->facts.fd_kind & FD_IPC));
    stopped->stack = (struct remote_stack){0};
    /* Unwinding costs more than all else: not for calls that nobody will hear of. */
    if (needs.facts & (NEED_CALLER | NEED_STACK) || stopped->traced || (*ret_rules && plan->log_faults))
        take_stack(plan, stopped);
    return !stopped->looked || is_there(stopped);
}

struct counting {
    struct hash *counts;
    pid_t pid, tid;
};

static uint64_t next_ordinal(struct plan_rule *slot, unsigned number, void *context)
{
    struct counting *counting = context;
    uint64_t who = (uint64_t)(slot->rule.count == COUNT_PROCESS ? counting->pid : counting->tid);
    uint32_t count = 0;
    hash_get(counting->counts, number, who, &count);
    hash_put(counting->counts, number, who, count + 1);
    return count + 1ULL;
}

/* Several rows may be the same system call (open, shm_open, sem_open); the first whose rules fire has it. */
void stopped_judge(struct plan *plan, struct hash *counts, struct stopped *stopped)
{
    struct counting counting = {counts, stopped->pid, stopped->tid};
    uint64_t rules;
    for (unsigned number = 0; number < CALL_COUNT && stopped->rule < 0; number++) {
        if (!take_row(plan, stopped, number, &rules))
            continue;
        stopped->rule = judge_call(plan, rules, &stopped->facts, next_ordinal, &counting);
        if (stopped->traced)
            return;
    }
}

void stopped_escaped(struct plan *plan, struct stopped *stopped)
{
    uint64_t rules;
    for (unsigned number = 0; number < CALL_COUNT; number++) {
        if (!take_row(plan, stopped, number, &rules))
            continue;
        bool matches = stopped->traced;
        for (; rules && !matches; rules &= rules - 1)
            matches = decide_matches(&plan->rules[__builtin_ctzll(rules)].rule, &stopped->facts);
        if (!matches)
            continue;
        plan->escaped[number]++;
        return;
    }
}

static void add_stack(struct event *event, const struct stopped *stopped)
{
    event->stack = stopped->stack.hash;
    event->frame_count = stopped->stack.count;
    memcpy(event->frames, stopped->stack.frames, sizeof(event->frames));
    event->state = stopped->facts.state;
    event->fd_kind = stopped->facts.fd_kind;
}

struct event stopped_event(const struct plan *plan, const struct stopped *stopped, const struct rule *rule)
{
    bool failed = rule && (rule->effects & EFFECT_ERROR);
    bool faked = rule && (rule->effects & EFFECT_RETVAL);
    const struct call *call = &calls[stopped->facts.call];
    struct event event = {
        .time = clock_nanoseconds(CLOCK_REALTIME),
        .pid = stopped->pid,
        .tid = stopped->tid,
        .caller = stopped->stack.frames[0].offset,
        .call = stopped->facts.call,
        .rule = (int16_t)stopped->rule,
        .error = failed ? rule->error : 0,
        .result_known = failed || faked,
        .result = failed  ? call_failed_result(call, rule->error)
                  : faked ? (uint64_t)rule->retval
                          : 0,
    };
    memcpy(event.arguments, stopped->facts.arguments, sizeof(event.arguments));
    if (stopped->facts.name)
        snprintf(event.name, sizeof(event.name), "%s", stopped->facts.name);
    memcpy(event.module, stopped->stack.module, sizeof(event.module));
    if (plan->stacks)
        add_stack(&event, stopped);
    return event;
}
