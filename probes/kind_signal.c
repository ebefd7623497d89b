/*
 * kind_signal.c - processes with signals pending or blocked, from /proc/PID/status, and how many are queued
 * for their user against RLIMIT_SIGPENDING.
 */
#include "common/cleanup.h"
#include "common/strbuf.h"
#include "probes/collection.h"
#include "probes/parse.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { SIGNALS = 64 };

/* Real-time signals are counted from libc's SIGRTMIN; the kernel's first two are libc's own. */
static void add_signal_name(struct strbuf *names, int signal)
{
    const char *name = sigabbrev_np(signal);
    strbuf_add_string(names, names->length ? "," : "");
    if (name)
        strbuf_add_string(names, name);
    else if (signal == SIGRTMIN)
        strbuf_add_string(names, "RTMIN");
    else if (signal > SIGRTMIN)
        strbuf_add_format(names, "RTMIN+%d", signal - SIGRTMIN);
    else
        strbuf_add_format(names, "%d", signal);
}

static void set_signals(struct collection *collection, struct object *object, enum field field, uint64_t mask)
{
    AUTO_STRBUF struct strbuf names = {0};
    for (int signal = 1; signal <= SIGNALS; signal++) {
        if (!(mask & UINT64_C(1) << (signal - 1)))
            continue;
        add_signal_name(&names, signal);
    }
    if (names.length)
        collection_set_string(collection, object, field, names.text, names.length);
}

/* Signals sent to single threads wait in their own status files. */
static uint64_t pending_of_threads(struct collection *collection, pid_t pid)
{
    AUTO_FREE pid_t *tids = NULL;
    size_t count = 0;
    uint64_t pending = 0;
    int r = collection->kernel->ops->tids(collection->kernel, pid, &tids, &count);
    if (r < 0)
        collection_process_error(collection, "status", r);
    for (size_t i = 0; i < count; i++) {
        AUTO_STRBUF struct strbuf text = {0};
        uint64_t own;
        r = kernel_read_thread(collection->kernel, pid, tids[i], "status", &text);
        if (r < 0)
            collection_process_error(collection, "status", r);
        else if (parse_number_after(strbuf_text(&text), "SigPnd", 16, &own))
            pending |= own;
    }
    return pending;
}

static int add_process(struct collection *collection, pid_t pid)
{
    char path[64];
    AUTO_STRBUF struct strbuf text = {0};
    struct signal_state signals;
    uint64_t threads = 1, uid;
    snprintf(path, sizeof(path), "proc/%d/status", pid);
    int r = collection->kernel->ops->read(collection->kernel, path, &text);
    if (r == 0 && !parse_signals(strbuf_text(&text), &signals))
        r = -EINVAL;
    if (r < 0) {
        collection_process_error(collection, "status", r);
        return collection->failed ? -ENOMEM : 0;
    }
    parse_number_after(strbuf_text(&text), "Threads", 10, &threads);
    uint64_t pending = signals.pending | signals.shared_pending;
    if (threads > 1)
        pending |= pending_of_threads(collection, pid);
    if (!pending && !signals.blocked)
        return 0;
    struct identity identity = {.space = SPACE_SIGNAL, .number = (uint64_t)pid};
    struct object *object = collection_add(collection, &kind_signal, identity, "%d", pid);
    if (!object)
        return -ENOMEM;
    set_signals(collection, object, FIELD_PENDING, pending);
    set_signals(collection, object, FIELD_BLOCKING, signals.blocked);
    object_set(object, FIELD_MESSAGES, signals.queued);
    object_set(object, FIELD_MAXMSG, signals.queue_limit);
    if (parse_number_after(strbuf_text(&text), "Uid", 10, &uid))
        object_set(object, FIELD_OWNER, uid);
    struct edge *edge = collection_tie_pid(collection, pid, object, EDGE_HOLDING);
    if (!edge)
        return collection->failed ? -ENOMEM : 0;
    object->identity.generation = collection->processes.items[edge->process].start;
    return 0;
}

static int enumerate(struct collection *collection)
{
    AUTO_FREE pid_t *pids = NULL;
    size_t count = 0;
    int r = collection->kernel->ops->pids(collection->kernel, &pids, &count);
    for (size_t i = 0; i < count && r == 0; i++)
        r = add_process(collection, pids[i]);
    return r;
}

const struct kind kind_signal = {
    .name = "signal",
    .summary = "signals pending and blocked, by process",
    .noisy = true,
    .enumerate = enumerate,
};
