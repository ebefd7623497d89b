/* call.c - a watched call: judged before, acted on, logged after. See shim_begin() and shim_end(). */
#include "inject/creator.h"
#include "inject/judge.h"
#include "inject/shim/shim.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { NANOSECONDS = 1000000000 };

static uint64_t now(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * NANOSECONDS + (uint64_t)time.tv_nsec;
}

/* By system call: libc's nanosleep is a cancellation point, which the wrapped call need not be. */
static void wait_for(uint64_t duration)
{
    struct timespec rest = {(time_t)(duration / NANOSECONDS), (long)(duration % NANOSECONDS)};
    while (shim_raw(SYS_nanosleep, &rest, &rest) < 0 && errno == EINTR)
        ;
}

static void send_signal(int signal)
{
    shim_raw(SYS_tgkill, getpid(), gettid(), signal);
}

/* Keeps the end of a path that is too long: it tells more than the start. */
static void copy_tail(char *buffer, size_t size, const char *text)
{
    size_t length = text ? strlen(text) : 0;
    if (length >= size) {
        text += length - (size - 1);
        length = size - 1;
    }
    if (length)
        memcpy(buffer, text, length);
    buffer[length] = '\0';
}

/* Calls that can take much address space. */
static bool maps(unsigned number)
{
    return number == CALL_mmap || number == CALL_mremap || number == CALL_shmat;
}

static void add_growth(const struct shim_call *call, struct event *event)
{
    uint64_t after = call->space ? shim_space() : 0;
    event->space = call->space;
    event->growth = after > call->space ? after - call->space : 0;
}

static void log_call(const struct shim_call *call, bool returned)
{
    struct event event;
    event.time = call->time;
    event.duration = now(CLOCK_MONOTONIC) - call->start;
    event.pid = getpid();
    event.tid = gettid();
    event.call = call->facts.call;
    event.rule = (int16_t)call->rule_number;
    event.error = returned ? call_result_error(&calls[call->facts.call], call->result, call->error) : 0;
    event.result_known = returned;
    event.started_only = !returned;
    event.result = call->result;
    memcpy(event.arguments, call->facts.arguments, sizeof(event.arguments));
    event.stack = call->facts.stack;
    event.frame_count = call->frame_count;
    memcpy(event.frames, call->frames, call->frame_count * sizeof(*event.frames));
    event.state = call->facts.state;
    event.fd_kind = call->facts.fd_kind;
    event.place = event.number = 0;
    add_growth(call, &event);
    event.fds[0] = event.fds[1] = -1;
    event.caller = call->facts.caller_offset;
    copy_tail(event.name, sizeof(event.name), call->facts.name);
    copy_tail(event.module, sizeof(event.module), call->strings.module);
    if (shim_plan->only_failures && !event.error)
        return;
    if (shim_plan->only_makers && (event.error || event.started_only || !shim_made(&event)))
        return;
    plan_log(shim_plan, &event);
}

static void crash(const struct shim_call *call)
{
    if (call->logged)
        log_call(call, false);
    shim_raw(SYS_kill, getpid(), SIGKILL);
}

static void shorten(struct shim_call *call)
{
    int index = call_param(&calls[call->facts.call], ROLE_SIZE);
    if (index >= 0 && call->facts.arguments[index] > call->rule->short_to)
        call->facts.arguments[index] = call->rule->short_to;
}

/* What the rule does before the call. True when the call is still to be made. */
static bool act(struct shim_call *call)
{
    const struct rule *rule = call->rule;
    if (rule->effects & EFFECT_CRASH_BEFORE)
        crash(call);
    if (rule->effects & EFFECT_DELAY)
        wait_for(rule->delay);
    if ((rule->effects & EFFECT_SIGNAL) && !rule->signal_after) {
        if (call->logged && rule->signal == SIGKILL)
            log_call(call, false);
        send_signal(rule->signal);
    }
    if (rule->effects & EFFECT_SHORT)
        shorten(call);
    if (!(rule->effects & (EFFECT_ERROR | EFFECT_RETVAL)))
        return true;
    call->injected = true;
    if (rule->effects & EFFECT_ERROR) {
        const struct call *row = &calls[call->facts.call];
        call->result = call_failed_result(row, rule->error);
        if (row->failure != FAILURE_RETURNED)
            call->error = rule->error;
    } else {
        call->result = (uint64_t)rule->retval;
    }
    return false;
}

/* Locks are IPC only when processes share them. */
static bool is_lock(const struct call *call)
{
    return call_param(call, ROLE_MUTEX) >= 0 || call_param(call, ROLE_RWLOCK) >= 0 ||
           call_param(call, ROLE_MUTEX_ATTR) >= 0 || call_param(call, ROLE_BARRIER_ATTR) >= 0;
}

/* Whether a trace shows the call: descriptors and locks only when they are IPC. */
static bool traced(const struct facts *facts)
{
    if (shim_plan->only_makers)
        return true;
    const struct call *row = &calls[facts->call];
    if (call_ipc_only(facts->call, facts->arguments))
        return facts->fd_kind & FD_IPC;
    return !is_lock(row) || (facts->state & STATE_SHARED);
}

/* Finds the facts, the rule that fires and whether the call is logged. */
static void judge(struct shim_call *call, uint64_t rules, bool trace)
{
    unsigned number = call->facts.call;
    struct needs needs = judge_needs(shim_plan, rules, number);
    if (trace && shim_plan->only_makers) {
        needs.facts |= NEED_CALLER;
    } else if (trace) {
        needs.facts |=
            NEED_NAME | NEED_CALLER | (call_ipc_only(number, call->facts.arguments) ? NEED_FD_KIND : 0);
        needs.states |= is_lock(&calls[number]) ? STATE_SHARED : 0;
    }
    if (trace && shim_plan->stacks) {
        needs.facts |= NEED_STACK | NEED_FD_KIND;
        needs.states |= decide_states(number);
    }
    if (needs.facts || needs.states)
        shim_facts(call, needs);
    call->rule_number = judge_call(shim_plan, rules, &call->facts, shim_ordinal, NULL);
    call->rule = call->rule_number < 0 ? NULL : &shim_plan->rules[call->rule_number].rule;
    call->logged = trace && traced(&call->facts);
    if (!call->rule || call->logged || !shim_plan->log_faults)
        return;
    call->logged = true;
    shim_facts(call, (struct needs){.facts = (NEED_NAME | NEED_CALLER) & ~needs.facts});
}

bool shim_begin(struct shim_call *call, unsigned number, const uint64_t arguments[CALL_PARAMS_MAX],
                const void *caller)
{
    uint64_t watch = atomic_load_explicit(&shim_plan->watch[number].rules, memory_order_acquire);
    if (shim_plan->only_makers && call_creates(number, arguments) == CREATES_NOTHING)
        watch &= ~PLAN_TRACE;
    call->facts = (struct facts){.call = (uint16_t)number, .proc = program_invocation_short_name};
    memcpy(call->facts.arguments, arguments, sizeof(call->facts.arguments));
    call->caller = caller;
    call->rule = NULL;
    call->rule_number = -1;
    call->injected = false;
    call->logged = false;
    call->frame_count = 0;
    call->space = 0;
    call->strings.module = NULL;

    uint64_t rules = judge_possible(shim_plan, watch & ~PLAN_TRACE, &call->facts);
    if (!rules && !(watch & PLAN_TRACE))
        return true;
    call->error = errno;
    judge(call, rules, watch & PLAN_TRACE);
    if (call->logged) {
        call->time = now(CLOCK_REALTIME);
        call->start = now(CLOCK_MONOTONIC);
        call->space = shim_plan->spaces && maps(number) ? shim_space() : 0;
    }
    bool real = !call->rule || act(call);
    errno = call->error;
    return real;
}

uint64_t shim_end(struct shim_call *call)
{
    if (!call->rule && !call->logged)
        return call->result;
    if (!call->injected)
        call->error = errno;
    const struct rule *rule = call->rule;
    if (rule && (rule->effects & EFFECT_DELAY_AFTER))
        wait_for(rule->delay_after);
    if (rule && (rule->effects & EFFECT_CRASH_AFTER))
        crash(call);
    if (call->logged)
        log_call(call, true);
    if (rule && (rule->effects & EFFECT_SIGNAL) && rule->signal_after)
        send_signal(rule->signal);
    int raised = call->injected ? call_error_signal(call->facts.call, rule->error, call->facts.arguments) : 0;
    if (raised)
        send_signal(raised);
    errno = call->error;
    return call->result;
}

void shim_note(unsigned number, const uint64_t arguments[CALL_PARAMS_MAX], uint64_t result,
               const void *caller)
{
    if (!shim_plan->only_makers || call_creates(number, arguments) == CREATES_NOTHING)
        return;
    int saved = errno;
    struct shim_call call = {
        .caller = caller, .result = result, .rule_number = -1, .time = now(CLOCK_REALTIME)};
    call.start = now(CLOCK_MONOTONIC);
    call.facts.call = (uint16_t)number;
    memcpy(call.facts.arguments, arguments, sizeof(call.facts.arguments));
    shim_facts(&call, (struct needs){.facts = NEED_CALLER});
    log_call(&call, true);
    errno = saved;
}
