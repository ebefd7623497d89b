/* decide.c - see decide.h. */
#include "inject/decide.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/ipc.h>
#include <sys/shm.h>

/* The kernel's first real-time signal is 32. */
enum { FIRST_REALTIME_SIGNAL = 32 };

/* STATE_ bits that no engine has to look up: see pure_state(). */
static const uint32_t known = STATE_CREATES | STATE_FD_GIVEN | STATE_REALTIME | STATE_UNKNOWABLE;

/* What owning the object does not suffice for: RLIMIT_MEMLOCK and msgmnb are in the way (shmctl(2),
 * msgctl(2)). */
static bool is_refused_to_owners(const struct facts *facts, uint64_t command)
{
    return (facts->call == CALL_shmctl && (command == SHM_LOCK || command == SHM_UNLOCK)) ||
           (facts->call == CALL_msgctl && command == IPC_SET);
}

static const struct guard *guard_of(const struct rule *rule, unsigned call)
{
    if (!(rule->effects & EFFECT_ERROR) || rule->force)
        return NULL;
    const struct call_error *row = call_error_find(&calls[call], rule->error);
    return row ? &row->guard : NULL;
}

uint32_t decide_states(unsigned call)
{
    return call_states(&calls[call]) & ~known;
}

struct needs decide_needs(const struct rule *rule, unsigned call)
{
    const struct guard *guard = guard_of(rule, call);
    struct needs needs = {.states = guard ? guard->state & ~known : 0};
    if (rule->name[0])
        needs.facts |= NEED_NAME;
    if (rule->fd_kinds || call_ipc_only(call, NULL) || (guard && guard->fd_kinds))
        needs.facts |= NEED_FD_KIND;
    if (rule->caller[0] || rule->func_high)
        needs.facts |= NEED_CALLER;
    if (rule->stack)
        needs.facts |= NEED_STACK;
    if (rule->thread != THREAD_ANY)
        needs.facts |= NEED_THREAD;
    if (rule->proc[0])
        needs.facts |= NEED_PROC;
    return needs;
}

/* One [set]; *pattern is behind the bracket and is moved behind the set. A set that never ends matches
 * nothing. */
static bool set_matches(const char **pattern, unsigned char byte)
{
    const char *at = *pattern;
    bool negated = *at == '!' || *at == '^';
    if (negated)
        at++;
    bool found = false;
    for (bool first = true; *at && (first || *at != ']'); first = false) {
        unsigned char low = (unsigned char)*at++;
        unsigned char high = low;
        if (at[0] == '-' && at[1] && at[1] != ']') {
            high = (unsigned char)at[1];
            at += 2;
        }
        found |= byte >= low && byte <= high;
    }
    if (!*at)
        return false;
    *pattern = at + 1;
    return found != negated;
}

/* One step of a pattern that does not start with '*'; moves *pattern behind it. */
static bool step_matches(const char **pattern, char byte)
{
    const char first = *(*pattern)++;
    if (first == '?')
        return true;
    if (first == '[')
        return set_matches(pattern, (unsigned char)byte);
    if (first == '\\' && **pattern)
        return *(*pattern)++ == byte;
    return first == byte;
}

bool decide_pattern(const char *pattern, const char *text)
{
    /* Only the last star needs to be tried again, so the time is bounded by the product of the lengths. */
    const char *star = NULL;
    const char *retry = NULL;
    while (*text) {
        if (*pattern == '*') {
            star = ++pattern;
            retry = text;
            continue;
        }
        if (*pattern && step_matches(&pattern, *text)) {
            text++;
            continue;
        }
        if (!star)
            return false;
        pattern = star;
        text = ++retry;
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}

static uint64_t flags_argument(const struct facts *facts)
{
    int index = call_flags_param(&calls[facts->call]);
    return index < 0 ? 0 : facts->arguments[index] & 0xffffffff;
}

static bool creates(const struct facts *facts)
{
    return (facts->arguments[0] & 0xffffffff) == IPC_PRIVATE || (flags_argument(facts) & IPC_CREAT);
}

static uint32_t pure_state(const struct facts *facts)
{
    const struct call *call = &calls[facts->call];
    int fd = call_param(call, ROLE_FD);
    int signal = call_param(call, ROLE_SIGNO);
    uint32_t state = 0;
    if (call_param(call, ROLE_KEY) == 0 && creates(facts))
        state |= STATE_CREATES;
    if (fd >= 0 && (int)facts->arguments[fd] != -1)
        state |= STATE_FD_GIVEN;
    if (signal >= 0 && (int)facts->arguments[signal] >= FIRST_REALTIME_SIGNAL)
        state |= STATE_REALTIME;
    if (is_refused_to_owners(facts, flags_argument(facts)))
        state |= STATE_FOREIGN;
    return state;
}

bool decide_guard(const struct guard *guard, const struct facts *facts)
{
    uint64_t flags = flags_argument(facts);
    if ((flags & guard->set) != guard->set || (flags & guard->clear))
        return false;
    if (guard->not_all && (flags & guard->not_all) == guard->not_all)
        return false;
    if (guard->commands && !(guard->commands & call_command_bit(flags)))
        return false;
    if (guard->fd_kinds && !(guard->fd_kinds & facts->fd_kind))
        return false;
    for (unsigned index = 0; guard->nonzero >> index; index++)
        if ((guard->nonzero >> index & 1) && !facts->arguments[index])
            return false;
    if (guard->above.value && (int64_t)facts->arguments[guard->above.argument] <= guard->above.value)
        return false;
    return !guard->state || ((facts->state | pure_state(facts)) & guard->state) == guard->state;
}

static bool fd_holds(const struct rule *rule, const struct facts *facts)
{
    const struct call *call = &calls[facts->call];
    if (rule->fd >= 0) {
        int index = call_param(call, ROLE_FD);
        return index >= 0 && (int)facts->arguments[index] == rule->fd;
    }
    uint32_t kinds = rule->fd_kinds;
    if (!kinds && call_ipc_only(facts->call, facts->arguments) && !rule->name[0])
        kinds = FD_IPC;
    return !kinds || (facts->fd_kind & kinds);
}

static bool size_holds(const struct rule *rule, const struct facts *facts)
{
    if (rule->size_min == 0 && rule->size_max == UINT64_MAX)
        return true;
    int index = call_param(&calls[facts->call], ROLE_SIZE);
    return index >= 0 && facts->arguments[index] >= rule->size_min &&
           facts->arguments[index] <= rule->size_max;
}

static bool flags_hold(const struct rule *rule, const struct facts *facts)
{
    if (!rule->flags_set && !rule->flags_clear)
        return true;
    const struct call *call = &calls[facts->call];
    int index = call_flags_param(call);
    if (index < 0)
        return false;
    uint64_t flags = flags_argument(facts);
    if (call_role_is_command(call->params[index].role))
        return rule->flags_set & call_command_bit(flags);
    return (flags & rule->flags_set) == rule->flags_set && !(flags & rule->flags_clear);
}

static bool caller_holds(const struct rule *rule, const struct facts *facts)
{
    if (rule->caller[0] && !(facts->caller && decide_pattern(rule->caller, facts->caller)))
        return false;
    return !rule->func_high || (facts->caller && facts->caller_offset >= rule->func_low &&
                                facts->caller_offset < rule->func_high);
}

static bool thread_holds(const struct rule *rule, const struct facts *facts)
{
    switch (rule->thread) {
    case THREAD_MAIN: return facts->main_thread;
    case THREAD_NOT_MAIN: return !facts->main_thread;
    case THREAD_NAMED: return facts->thread && decide_pattern(rule->thread_name, facts->thread);
    default: return true;
    }
}

static bool proc_holds(const struct rule *rule, const char *proc)
{
    return !rule->proc[0] || (proc && decide_pattern(rule->proc, proc));
}

bool decide_excludes(const struct rule *rule, const struct facts *facts)
{
    return !size_holds(rule, facts) || !flags_hold(rule, facts) ||
           (facts->proc && !proc_holds(rule, facts->proc));
}

bool decide_matches(const struct rule *rule, const struct facts *facts)
{
    if (!rule_has_call(rule, facts->call))
        return false;
    if (decide_excludes(rule, facts) || !fd_holds(rule, facts))
        return false;
    if (rule->name[0] && !(facts->name && decide_pattern(rule->name, facts->name)))
        return false;
    if (!caller_holds(rule, facts) || !thread_holds(rule, facts))
        return false;
    if (rule->stack && rule->stack != facts->stack)
        return false;
    if (!proc_holds(rule, facts->proc))
        return false;
    const struct guard *guard = guard_of(rule, facts->call);
    return !guard || decide_guard(guard, facts);
}

/* splitmix64: well mixed, and the same everywhere. */
static uint64_t mix(uint64_t value)
{
    value += 0x9e3779b97f4a7c15;
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
    value = (value ^ value >> 27) * 0x94d049bb133111eb;
    return value ^ value >> 31;
}

bool decide_due(const struct rule *rule, uint64_t ordinal, uint64_t seed)
{
    if (ordinal < rule->first || ordinal > rule->last)
        return false;
    if (rule->step > 1 && (ordinal - rule->first) % rule->step)
        return false;
    return (mix(mix(seed ^ rule->seed) ^ ordinal) >> 32) < rule->chance;
}
