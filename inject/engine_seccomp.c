/*
 * engine_seccomp.c - see engine_seccomp.h and seccomp_unotify(2). libseccomp makes the filter; receiving and
 * answering is by ioctl, because libseccomp does not know SECCOMP_IOCTL_NOTIF_SET_FLAGS.
 */
#include "inject/engine_seccomp.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "common/hash.h"
#include "inject/judge.h"
#include "inject/remote.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/syscall.h>
#include <time.h>

/* Linux 6.6; Debian 12's headers are older. */
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS      SECCOMP_IOW(4, __u64)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif

enum { NANOSECONDS = 1000000000, NS_PER_MS = 1000000, HANDSHAKE_NS = 100000 };

/* A call that waits for its delay to pass. */
struct pending {
    struct seccomp_notif_resp response;
    uint64_t due; /* CLOCK_MONOTONIC */
};

/*
 * A thread that called before. Looking it up costs more than everything else; it holds until the thread
 * execs, or until its number is used again, which takes millions of processes.
 */
struct caller {
    bool known;
    pid_t pid;
    uint64_t loader_low, loader_high; /* calls from the dynamic loader are not the program's */
};

/* Shared with the child until it execs. */
struct handshake {
    _Atomic int listener; /* the child's number for it, plus one; -1 when it failed */
    _Atomic int taken;
};

struct seccomp_engine {
    struct plan *plan;
    struct handshake *handshake;
    scmp_filter_ctx filter;
    int listener;
    struct hash caller_of; /* tid → index in callers */
    struct hash counts;    /* rule, pid or tid → matches */
    ARRAY(struct caller) callers;
    ARRAY(struct pending) pending;
};

static uint64_t monotonic(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * NANOSECONDS + (uint64_t)time.tv_nsec;
}

static uint64_t realtime(void)
{
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (uint64_t)time.tv_sec * NANOSECONDS + (uint64_t)time.tv_nsec;
}

static int stop_syscall(struct seccomp_engine *engine, long number)
{
    if (number < 0)
        return 0;
    int r = seccomp_rule_add(engine->filter, SCMP_ACT_NOTIFY, (int)number, 0);
    return r == -EEXIST ? 0 : r;
}

/* Only what the rules name is stopped; exec too, because it moves the loader. */
static int build_filter(struct seccomp_engine *engine)
{
    engine->filter = seccomp_init(SCMP_ACT_ALLOW);
    if (!engine->filter)
        return -ENOMEM;
    int r = seccomp_attr_set(engine->filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW);
    if (r == 0)
        r = stop_syscall(engine, SYS_execve);
    if (r == 0)
        r = stop_syscall(engine, SYS_execveat);
    for (unsigned number = 0; number < CALL_COUNT; number++) {
        if (!engine->plan->watch[number] || !(calls[number].reach & REACH_SECCOMP))
            continue;
        engine->plan->trapped[number / 64] |= 1ULL << (number % 64);
        for (unsigned which = 0; which < CALL_SYSCALLS_MAX && calls[number].syscalls[which].name && r == 0;
             which++)
            r = stop_syscall(engine, calls[number].syscalls[which].number);
    }
    return r;
}

int seccomp_engine_new(struct plan *plan, struct seccomp_engine **ret_engine)
{
    struct seccomp_engine *engine = calloc(1, sizeof(*engine));
    if (!engine)
        return -ENOMEM;
    engine->plan = plan;
    engine->listener = -1;
    engine->handshake =
        mmap(NULL, sizeof(*engine->handshake), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int r = engine->handshake == MAP_FAILED ? -errno : build_filter(engine);
    if (r < 0) {
        seccomp_engine_free(engine);
        return r;
    }
    *ret_engine = engine;
    return 0;
}

void seccomp_engine_free(struct seccomp_engine *engine)
{
    if (!engine)
        return;
    if (engine->handshake != MAP_FAILED)
        munmap(engine->handshake, sizeof(*engine->handshake));
    if (engine->filter)
        seccomp_release(engine->filter);
    cleanup_close(&engine->listener);
    hash_free(&engine->caller_of);
    hash_free(&engine->counts);
    array_free(&engine->callers);
    array_free(&engine->pending);
    free(engine);
}

/* Both sides wait by nanosleep: the child's calls may be stopped from now on, and this one never is. */
static void pause_briefly(void)
{
    nanosleep(&(struct timespec){.tv_nsec = HANDSHAKE_NS}, NULL);
}

int seccomp_engine_confine(struct seccomp_engine *engine)
{
    int r = seccomp_load(engine->filter);
    int fd = r == 0 ? seccomp_notify_fd(engine->filter) : -1;
    engine->handshake->listener = fd < 0 ? -1 : fd + 1;
    if (r < 0 || fd < 0)
        return r < 0 ? r : -EINVAL;
    while (!engine->handshake->taken)
        pause_briefly();
    return 0;
}

int seccomp_engine_attach(struct seccomp_engine *engine, pid_t pid)
{
    AUTO_CLOSE int pidfd = pidfd_open(pid, 0);
    if (pidfd < 0)
        return -errno;
    while (!engine->handshake->listener && kill(pid, 0) == 0)
        pause_briefly();
    int listener = engine->handshake->listener;
    if (listener <= 0)
        return -EINVAL;
    engine->listener = pidfd_getfd(pidfd, listener - 1, 0);
    if (engine->listener < 0) {
        int r = -errno;
        kill(pid, SIGKILL);
        return r;
    }
    ioctl(engine->listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
    engine->handshake->taken = 1;
    return 0;
}

int seccomp_engine_fd(const struct seccomp_engine *engine)
{
    return engine->listener;
}

int seccomp_engine_timeout(const struct seccomp_engine *engine, int timeout)
{
    uint64_t now = engine->pending.count ? monotonic() : 0;
    for (size_t index = 0; index < engine->pending.count; index++) {
        uint64_t due = engine->pending.items[index].due;
        uint64_t rest = due > now ? (due - now + NS_PER_MS - 1) / NS_PER_MS : 0;
        if (timeout < 0 || rest < (uint64_t)timeout)
            timeout = (int)rest;
    }
    return timeout;
}

/* ENOENT: the caller was killed or interrupted meanwhile. Nothing to do then. */
static void answer(struct seccomp_engine *engine, const struct seccomp_notif_resp *response)
{
    ioctl(engine->listener, SECCOMP_IOCTL_NOTIF_SEND, response);
}

static bool still_there(const struct seccomp_engine *engine, uint64_t id)
{
    return ioctl(engine->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

static struct caller *find_caller(struct seccomp_engine *engine, pid_t tid)
{
    uint32_t index;
    if (hash_get(&engine->caller_of, (uint64_t)tid, 0, &index))
        return &engine->callers.items[index];
    struct caller *caller = array_push(&engine->callers);
    if (!caller || hash_put(&engine->caller_of, (uint64_t)tid, 0, (uint32_t)engine->callers.count - 1) < 0)
        return NULL;
    return caller;
}

/* NULL when the thread is gone. */
static const struct caller *get_caller(struct seccomp_engine *engine, pid_t tid)
{
    struct caller *caller = find_caller(engine, tid);
    if (!caller || caller->known)
        return caller;
    caller->pid = remote_process(tid);
    if (caller->pid < 0 || remote_loader(tid, &caller->loader_low, &caller->loader_high) < 0)
        return NULL;
    caller->known = true;
    return caller;
}

/* After an exec the loader is elsewhere. Called before it; the next call is made by the new program. */
static void forget_caller(struct seccomp_engine *engine, pid_t tid)
{
    struct caller *caller = find_caller(engine, tid);
    if (caller)
        caller->known = false;
}

struct counting {
    struct seccomp_engine *engine;
    pid_t pid, tid;
};

static uint64_t next_ordinal(struct plan_rule *slot, unsigned number, void *context)
{
    struct counting *counting = context;
    uint64_t who = (uint64_t)(slot->rule.count == COUNT_PROCESS ? counting->pid : counting->tid);
    uint32_t count = 0;
    hash_get(&counting->engine->counts, number, who, &count);
    hash_put(&counting->engine->counts, number, who, count + 1);
    return count + 1ULL;
}

/* What one notification turned out to be. */
struct stopped {
    const struct seccomp_notif *notification;
    pid_t pid, tid;
    struct facts facts;
    struct remote_strings strings;
    int rule;
    bool traced;
};

static bool path_fits(const struct call_syscall *system, const struct call *call, const uint64_t parameters[],
                      pid_t tid)
{
    char path[32];
    if (!system->under)
        return true;
    return remote_string(tid, parameters[call_name_param(call)], path, sizeof(path)) == 0 &&
           strncmp(path, system->under, strlen(system->under)) == 0;
}

static bool is_row(const struct stopped *stopped, unsigned number, uint64_t ret_parameters[CALL_PARAMS_MAX])
{
    const struct call *call = &calls[number];
    uint64_t arguments[6];
    memcpy(arguments, stopped->notification->data.args, sizeof(arguments));
    for (unsigned which = 0; which < CALL_SYSCALLS_MAX && call->syscalls[which].name; which++) {
        const struct call_syscall *system = &call->syscalls[which];
        if (system->number == stopped->notification->data.nr &&
            call_syscall_fits(call, system, arguments, ret_parameters) &&
            path_fits(system, call, ret_parameters, stopped->tid))
            return true;
    }
    return false;
}

/* Several rows may be the same system call (open, shm_open, sem_open); the first whose rules fire has it. */
static void judge_rows(struct seccomp_engine *engine, struct stopped *stopped)
{
    for (unsigned number = 0; number < CALL_COUNT && stopped->rule < 0; number++) {
        uint64_t watch = engine->plan->watch[number];
        uint64_t parameters[CALL_PARAMS_MAX];
        if (!watch || !(calls[number].reach & REACH_SECCOMP) || !is_row(stopped, number, parameters))
            continue;
        uint64_t rules = watch & ~PLAN_TRACE;
        stopped->facts = (struct facts){.call = (uint16_t)number};
        memcpy(stopped->facts.arguments, parameters, sizeof(parameters));
        rules = judge_possible(engine->plan, rules, &stopped->facts);
        uint32_t needs = judge_needs(engine->plan, rules, number);
        if (watch & PLAN_TRACE || (rules && engine->plan->log_faults))
            needs |= NEED_NAME | (call_ipc_only(number) ? NEED_FD_KIND : 0);
        remote_facts(stopped->pid, stopped->tid, needs, &stopped->facts, &stopped->strings);
        /* What we read of a caller that is gone may be another's. */
        if (!still_there(engine, stopped->notification->id))
            return;
        struct counting counting = {engine, stopped->pid, stopped->tid};
        stopped->rule = judge_call(engine->plan, rules, &stopped->facts, next_ordinal, &counting);
        stopped->traced =
            (watch & PLAN_TRACE) && (!call_ipc_only(number) || (stopped->facts.fd_kind & FD_IPC));
        if (stopped->traced)
            return;
    }
}

static void log_stopped(struct seccomp_engine *engine, const struct stopped *stopped, const struct rule *rule)
{
    bool failed = rule && (rule->effects & EFFECT_ERROR);
    bool faked = rule && (rule->effects & EFFECT_RETVAL);
    const struct call *call = &calls[stopped->facts.call];
    struct event event = {
        .time = realtime(),
        .pid = stopped->pid,
        .tid = stopped->tid,
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
    plan_log(engine->plan, &event);
}

static void act(struct seccomp_engine *engine, const struct stopped *stopped, const struct rule *rule)
{
    struct seccomp_notif_resp response = {.id = stopped->notification->id,
                                          .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
    if (rule->effects & EFFECT_ERROR) {
        response.flags = 0;
        response.error = -rule->error;
    } else if (rule->effects & EFFECT_RETVAL) {
        response.flags = 0;
        response.val = rule->retval;
    }
    if (rule->effects & EFFECT_CRASH_BEFORE)
        kill(stopped->pid, SIGKILL);
    if (rule->effects & EFFECT_SIGNAL)
        tgkill(stopped->pid, stopped->tid, rule->signal);
    struct pending *pending = rule->effects & EFFECT_DELAY ? array_push(&engine->pending) : NULL;
    if (pending)
        *pending = (struct pending){response, monotonic() + rule->delay};
    else
        answer(engine, &response);
}

static void serve_one(struct seccomp_engine *engine, const struct seccomp_notif *notification)
{
    struct seccomp_notif_resp go_on = {.id = notification->id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
    struct stopped stopped = {.notification = notification, .tid = (pid_t)notification->pid, .rule = -1};
    if (notification->data.nr == SYS_execve || notification->data.nr == SYS_execveat) {
        forget_caller(engine, stopped.tid);
        answer(engine, &go_on);
        return;
    }
    const struct caller *caller = get_caller(engine, stopped.tid);
    uint64_t address = notification->data.instruction_pointer;
    if (caller && (address < caller->loader_low || address >= caller->loader_high)) {
        stopped.pid = caller->pid;
        judge_rows(engine, &stopped);
    }
    const struct rule *rule = stopped.rule >= 0 ? &engine->plan->rules[stopped.rule].rule : NULL;
    if (stopped.traced || (rule && engine->plan->log_faults))
        log_stopped(engine, &stopped, rule);
    if (rule)
        act(engine, &stopped, rule);
    else
        answer(engine, &go_on);
}

static void serve_due(struct seccomp_engine *engine)
{
    uint64_t now = engine->pending.count ? monotonic() : 0;
    for (size_t index = engine->pending.count; index-- > 0;) {
        struct pending *pending = &engine->pending.items[index];
        if (pending->due > now)
            continue;
        answer(engine, &pending->response);
        *pending = engine->pending.items[--engine->pending.count];
    }
}

void seccomp_engine_serve(struct seccomp_engine *engine, bool readable)
{
    serve_due(engine);
    if (!readable)
        return;
    struct seccomp_notif notification = {0};
    if (ioctl(engine->listener, SECCOMP_IOCTL_NOTIF_RECV, &notification) == 0)
        serve_one(engine, &notification);
}
