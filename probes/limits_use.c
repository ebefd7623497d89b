/* limits_use.c - see limits_use.h. */
#include "probes/limits_use.h"

#include "common/cleanup.h"
#include "common/scan.h"
#include "common/strbuf.h"
#include "probes/kernel.h"
#include "probes/parse.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <stdio.h>

static bool counts(const struct counting *counting, const struct object *object)
{
    struct value space = object->fields[FIELD_NAMESPACE];
    return object->kind == counting->kind &&
           (!value_known(space) || space.number == counting->snapshot->ipc_namespace);
}

/* What could not be read may hold more of them. */
static bool misses_some(const struct counting *counting)
{
    const struct snapshot *snapshot = counting->snapshot;
    uint64_t kind = UINT64_C(1) << kind_find(counting->kind->name);
    for (size_t i = 0; i < snapshot->coverage_count; i++)
        if (snapshot->coverage[i].kinds & kind)
            return true;
    return false;
}

struct use use_objects(const struct counting *counting)
{
    struct use use = {.partial = misses_some(counting)};
    for (size_t i = 0; i < counting->snapshot->object_count; i++)
        use.number += counts(counting, counting->snapshot->objects[i]);
    return use;
}

static uint64_t round_up(uint64_t number, uint64_t scale)
{
    return (number / scale + (number % scale != 0)) * scale;
}

struct use use_sum(const struct counting *counting)
{
    struct use use = {.partial = misses_some(counting)};
    for (size_t i = 0; i < counting->snapshot->object_count; i++) {
        const struct object *object = counting->snapshot->objects[i];
        if (!counts(counting, object))
            continue;
        use.number += round_up(object->fields[counting->field].number, counting->scale);
        use.partial |= object->fields[counting->field].type == VALUE_DENIED;
    }
    return use;
}

struct use use_largest(const struct counting *counting)
{
    struct use use = {.partial = misses_some(counting)};
    for (size_t i = 0; i < counting->snapshot->object_count; i++) {
        const struct object *object = counting->snapshot->objects[i];
        if (!counts(counting, object))
            continue;
        uint64_t number = object->fields[counting->field].number;
        use.number = number > use.number ? number : use.number;
        use.partial |= object->fields[counting->field].type == VALUE_DENIED;
    }
    return use;
}

/* Allocated and free handles, then the limit: proc(5), /proc/sys/fs/file-nr. */
struct use use_files(const struct counting *counting)
{
    AUTO_STRBUF struct strbuf text = {0};
    uint64_t allocated, unused;
    if (counting->kernel->ops->read(counting->kernel, "proc/sys/fs/file-nr", &text) < 0)
        return (struct use){.none = true};
    struct scan scan = scan_bytes(strbuf_text(&text), text.length);
    if (!scan_decimal(&scan, &allocated))
        return (struct use){.none = true};
    scan_blanks(&scan);
    if (!scan_decimal(&scan, &unused) || unused > allocated)
        return (struct use){.none = true};
    return (struct use){.number = allocated - unused};
}

struct use use_nothing(const struct counting *counting)
{
    (void)counting;
    return (struct use){.none = true};
}

static struct user_use *user_of(struct user_uses *uses, uid_t uid)
{
    array_each(&uses->items, known)
    {
        if (known->uid == uid)
            return known;
    }
    struct user_use *user = array_push(&uses->items);
    if (user)
        *user = (struct user_use){.uid = uid, .queues_limit = UINT64_MAX, .signals_limit = UINT64_MAX};
    return user;
}

/* What the kernel charges for a queue: getrlimit(2), RLIMIT_MSGQUEUE. */
static uint64_t queue_charge(uint64_t maxmsg, uint64_t msgsize)
{
    enum { MESSAGE = 48, TREE_NODE = 48, PRIORITIES = 32768 }; /* of a 64-bit kernel */
    return maxmsg * (MESSAGE + msgsize) + (maxmsg < PRIORITIES ? maxmsg : PRIORITIES) * TREE_NODE;
}

static int charge_object(struct user_uses *uses, const struct object *object)
{
    bool queue = object->kind == &kind_posix_mq;
    if ((!queue && object->kind != &kind_pipe && object->kind != &kind_fifo) ||
        !value_known(object->fields[FIELD_OWNER]))
        return 0;
    struct user_use *user = user_of(uses, (uid_t)object->fields[FIELD_OWNER].number);
    if (!user)
        return -ENOMEM;
    user->partial |= object->fields[FIELD_CAPACITY].type == VALUE_DENIED;
    if (queue)
        user->queues +=
            queue_charge(object->fields[FIELD_MAXMSG].number, object->fields[FIELD_MSGSIZE].number);
    else
        user->pipes += object->fields[FIELD_CAPACITY].number;
    return 0;
}

static void lower(uint64_t *limit, uint64_t candidate)
{
    if (candidate < *limit)
        *limit = candidate;
}

/* The soft limit of "Max msgqueue size" in /proc/PID/limits; "unlimited" is no number. */
static void read_queue_limit(struct kernel *kernel, pid_t pid, struct user_use *user)
{
    char path[64];
    AUTO_STRBUF struct strbuf text = {0};
    struct scan line;
    uint64_t soft;
    snprintf(path, sizeof(path), "proc/%d/limits", pid);
    if (kernel->ops->read(kernel, path, &text) < 0)
        return;
    struct scan scan = scan_bytes(strbuf_text(&text), text.length);
    while (scan_line(&scan, &line)) {
        if (!scan_literal(&line, "Max msgqueue size"))
            continue;
        scan_blanks(&line);
        if (scan_decimal(&line, &soft))
            lower(&user->queues_limit, soft);
        return;
    }
}

static int charge_process(struct kernel *kernel, struct user_uses *uses, pid_t pid)
{
    char path[64];
    AUTO_STRBUF struct strbuf text = {0};
    struct signal_state signals;
    uint64_t uid;
    snprintf(path, sizeof(path), "proc/%d/status", pid);
    if (kernel->ops->read(kernel, path, &text) < 0 ||
        !parse_number_after(strbuf_text(&text), "Uid", 10, &uid) ||
        !parse_signals(strbuf_text(&text), &signals))
        return 0;
    struct user_use *user = user_of(uses, (uid_t)uid);
    if (!user)
        return -ENOMEM;
    user->signals = signals.queued > user->signals ? signals.queued : user->signals;
    lower(&user->signals_limit, signals.queue_limit);
    read_queue_limit(kernel, pid, user);
    return 0;
}

static int note_reader(struct kernel *kernel, struct user_uses *uses)
{
    struct file_status status;
    if (kernel->ops->stat(kernel, "proc/self", &status) < 0)
        return 0;
    struct user_use *user = user_of(uses, status.uid);
    if (!user)
        return -ENOMEM;
    user->reader = true;
    return 0;
}

int limits_count_users(struct kernel *kernel, const struct snapshot *snapshot, struct user_uses *uses)
{
    AUTO_FREE pid_t *pids = NULL;
    size_t count = 0;
    int r = note_reader(kernel, uses);
    for (size_t i = 0; i < snapshot->object_count && r == 0; i++)
        r = charge_object(uses, snapshot->objects[i]);
    if (r == 0 && kernel->ops->pids(kernel, &pids, &count) < 0)
        return 0;
    for (size_t i = 0; i < count && r == 0; i++)
        r = charge_process(kernel, uses, pids[i]);
    return r;
}
