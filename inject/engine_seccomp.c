/*
 * engine_seccomp.c - see engine_seccomp.h and seccomp_unotify(2). Receiving and answering is by ioctl,
 * because libseccomp does not know SECCOMP_IOCTL_NOTIF_SET_FLAGS.
 */
#include "inject/engine_seccomp.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "inject/callers.h"
#include "inject/caretaker.h"
#include "inject/remote.h"
#include "inject/returns.h"
#include "inject/seccomp_call.h"
#include "inject/trap_filter.h"

#include <errno.h>
#include <linux/seccomp.h>
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

enum { NS_PER_MS = 1000000, HANDSHAKE_NS = 100000 };

/* A call that waits for its delay to pass. */
struct pending {
    struct seccomp_notif_resp response;
    uint64_t due; /* CLOCK_MONOTONIC */
};

/* Shared with the child until it execs. */
struct handshake {
    _Atomic int listener; /* the child's number for it, plus one; -1 when it failed */
    _Atomic int taken;
};

struct seccomp_engine {
    struct plan *plan;
    struct handshake *handshake;
    struct trap_filter filter;
    int listener;
    bool audit;
    bool wants_returns;
    int returns_error;
    struct returns *returns;
    struct callers callers;
    struct remote_stacks *stacks;
    struct hash counts; /* rule, pid or tid → matches */
    ARRAY(struct pending) pending;
};

int seccomp_engine_new(struct plan *plan, bool audit, struct seccomp_engine **ret_engine)
{
    struct seccomp_engine *engine = calloc(1, sizeof(*engine));
    if (!engine)
        return -ENOMEM;
    engine->plan = plan;
    engine->audit = audit;
    engine->listener = -1;
    engine->stacks = remote_stacks_new();
    engine->handshake =
        mmap(NULL, sizeof(*engine->handshake), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int r = engine->handshake == MAP_FAILED ? -errno
            : !engine->stacks               ? -ENOMEM
                                            : trap_filter_build(plan, !audit, &engine->filter);
    if (r < 0) {
        seccomp_engine_free(engine);
        return r;
    }
    *ret_engine = engine;
    return 0;
}

void seccomp_engine_want_returns(struct seccomp_engine *engine)
{
    engine->wants_returns = true;
}

int seccomp_engine_returns(const struct seccomp_engine *engine)
{
    return engine->returns_error;
}

void seccomp_engine_settle(struct seccomp_engine *engine)
{
    returns_free(engine->returns);
    engine->returns = NULL;
}

/* ENOENT: the caller was killed or interrupted meanwhile. Nothing to do then. */
static void answer(struct seccomp_engine *engine, const struct seccomp_notif_resp *response)
{
    ioctl(engine->listener, SECCOMP_IOCTL_NOTIF_SEND, response);
}

/* Calls that wait for their delay are answered now; those to come are the caretaker's. */
static void leave(struct seccomp_engine *engine)
{
    array_each(&engine->pending, pending) answer(engine, &pending->response);
    caretaker_leave(engine->listener);
}

void seccomp_engine_free(struct seccomp_engine *engine)
{
    if (!engine)
        return;
    seccomp_engine_settle(engine);
    if (engine->listener >= 0)
        leave(engine);
    if (engine->handshake != MAP_FAILED)
        munmap(engine->handshake, sizeof(*engine->handshake));
    trap_filter_free(&engine->filter);
    cleanup_close(&engine->listener);
    callers_free(&engine->callers);
    remote_stacks_free(engine->stacks);
    hash_free(&engine->counts);
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
    int fd = trap_filter_install(&engine->filter);
    engine->handshake->listener = fd < 0 ? -1 : fd + 1;
    if (fd < 0)
        return fd;
    while (!engine->handshake->taken)
        pause_briefly();
    return 0;
}

int seccomp_engine_attach(struct seccomp_engine *engine, pid_t pid)
{
    AUTO_CLOSE int pidfd = pidfd_open(pid, 0);
    if (pidfd < 0)
        return -errno;
    if (engine->wants_returns)
        engine->returns_error = returns_watch(engine->plan, pid, &engine->returns);
    while (!engine->handshake->listener && kill(pid, 0) == 0)
        pause_briefly();
    int listener = engine->handshake->listener;
    if (listener <= 0)
        return -EINVAL;
    engine->listener = pidfd_getfd(pidfd, listener - 1, 0);
    if (engine->listener < 0)
        return -errno;
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
    uint64_t now = engine->pending.count ? clock_nanoseconds(CLOCK_MONOTONIC) : 0;
    for (size_t index = 0; index < engine->pending.count; index++) {
        uint64_t due = engine->pending.items[index].due;
        uint64_t rest = due > now ? (due - now + NS_PER_MS - 1) / NS_PER_MS : 0;
        if (timeout < 0 || rest < (uint64_t)timeout)
            timeout = (int)rest;
    }
    return timeout;
}

static void act(struct seccomp_engine *engine, const struct stopped *stopped, const struct rule *rule)
{
    struct seccomp_notif_resp response = {.id = stopped->notification->id,
                                          .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
    int raised = 0;
    if (rule->effects & EFFECT_ERROR) {
        response.flags = 0;
        response.error = -rule->error;
        raised = call_error_signal(stopped->facts.call, rule->error, stopped->facts.arguments);
    } else if (rule->effects & EFFECT_RETVAL) {
        response.flags = 0;
        response.val = rule->retval;
    }
    if (rule->effects & EFFECT_CRASH_BEFORE)
        kill(stopped->pid, SIGKILL);
    if (rule->effects & EFFECT_SIGNAL)
        tgkill(stopped->pid, stopped->tid, rule->signal);
    if (raised)
        tgkill(stopped->pid, stopped->tid, raised);
    struct pending *pending = rule->effects & EFFECT_DELAY ? array_push(&engine->pending) : NULL;
    if (pending)
        *pending = (struct pending){response, clock_nanoseconds(CLOCK_MONOTONIC) + rule->delay};
    else
        answer(engine, &response);
}

/* Exec is let go on, and calls of the loader or of start-up code; in an audit also those that the shim stands
 * in front of. */
static bool passes(struct seccomp_engine *engine, struct stopped *stopped)
{
    const struct seccomp_data *data = &stopped->notification->data;
    if (data->nr == SYS_execve || data->nr == SYS_execveat) {
        callers_forget(&engine->callers, stopped->tid);
        remote_stacks_forget(engine->stacks, remote_process(stopped->tid));
        return true;
    }
    struct caller *caller = callers_get(&engine->callers, stopped->tid);
    if (!caller)
        return true;
    stopped->pid = caller->pid;
    enum code_origin origin = caller_origin(caller, data->instruction_pointer);
    if (origin == CODE_LOADER || (engine->audit && origin == CODE_LIBC))
        return true;
    return startup_goes_on(&caller->startup, caller->pid, stopped->tid);
}

static void log_call(struct seccomp_engine *engine, const struct stopped *stopped, const struct rule *rule)
{
    struct event event = stopped_event(engine->plan, stopped, rule);
    if (event.result_known || !engine->returns || returns_expect(engine->returns, &event) < 0)
        plan_log(engine->plan, &event);
}

static void serve_one(struct seccomp_engine *engine, const struct seccomp_notif *notification)
{
    struct seccomp_notif_resp go_on = {.id = notification->id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
    struct stopped stopped = {.notification = notification,
                              .listener = engine->listener,
                              .tid = (pid_t)notification->pid,
                              .stacks = engine->stacks,
                              .rule = -1};
    struct plan *plan = engine->plan;
    if (!passes(engine, &stopped)) {
        if (engine->audit)
            stopped_escaped(plan, &stopped);
        else
            stopped_judge(plan, &engine->counts, &stopped);
    }
    const struct rule *rule = stopped.rule >= 0 ? &plan->rules[stopped.rule].rule : NULL;
    if ((stopped.traced && !engine->audit) || (rule && plan->log_faults))
        log_call(engine, &stopped, rule);
    if (rule)
        act(engine, &stopped, rule);
    else
        answer(engine, &go_on);
}

static void serve_due(struct seccomp_engine *engine)
{
    uint64_t now = engine->pending.count ? clock_nanoseconds(CLOCK_MONOTONIC) : 0;
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
