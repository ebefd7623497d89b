/* attribution.c - see attribution.h. What processes under test write into the log is not to be trusted. */
#include "inspector/attribution.h"

#include "common/arena.h"
#include "common/array.h"
#include "common/hash.h"
#include "common/strbuf.h"
#include "inject/call_site.h"
#include "inject/creator.h"
#include "inject/preload.h"
#include "inject/program.h"
#include "inject/session.h"
#include "probes/kind.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <string.h>
#include <sys/sysmacros.h>

enum {
    LOG_SLOTS = 2048,
    MAKINGS_MAX = 1 << 20, /* a command could go on for ever */
};

/* Start times are ticks after a boot in whole seconds cut off. */
static const uint64_t start_slack = 1100000000;

struct logged {
    uint64_t time, offset;
    uint32_t module; /* index in modules */
    pid_t pid;
    uint16_t call;
    bool gives_to_exec;
    int fds[2]; /* that it returned, or -1 */
};

struct attribution {
    char shim[PATH_MAX];
    struct program program;
    struct session session;
    struct plan_reader reader;
    struct arena arena;
    ARRAY(const char *) modules;
    ARRAY(struct logged) makings;
    struct hash made; /* what → index in makings */
    struct call_sites *sites;
    bool incomplete; /* memory or room ran out */
};

/* Tells apart what has numbers of its own. Those of pipes, memfds and queues are unique without a device. */
enum group { GROUP_FILE, GROUP_SEGMENT, GROUP_SET, GROUP_QUEUE, GROUP_MQUEUE, GROUP_PIPE, GROUP_MEMFD };

static const uint8_t group_of_call[CALL_COUNT] = {
    [CALL_shmget] = GROUP_SEGMENT, [CALL_semget] = GROUP_SET,         [CALL_msgget] = GROUP_QUEUE,
    [CALL_mq_open] = GROUP_MQUEUE, [CALL_memfd_create] = GROUP_MEMFD, [CALL_pipe] = GROUP_PIPE,
    [CALL_pipe2] = GROUP_PIPE,
};

static const struct {
    const struct kind *kind;
    enum group group;
} groups[] = {
    {&kind_posix_shm, GROUP_FILE   },
    {&kind_posix_sem, GROUP_FILE   },
    {&kind_fifo,      GROUP_FILE   },
    {&kind_sysv_shm,  GROUP_SEGMENT},
    {&kind_sysv_sem,  GROUP_SET    },
    {&kind_sysv_msg,  GROUP_QUEUE  },
    {&kind_posix_mq,  GROUP_MQUEUE },
    {&kind_pipe,      GROUP_PIPE   },
    {&kind_memfd,     GROUP_MEMFD  },
};

struct key {
    uint64_t high, low;
};

/* `place` is the ipc namespace of System V objects, and space_of_device() of files. */
static struct key make_key(enum group group, uint64_t place, uint64_t number)
{
    bool placed = group <= GROUP_QUEUE;
    return (struct key){(placed ? place : 0) ^ (uint64_t)group << 56, number};
}

static struct key key_of_event(const struct event *event)
{
    enum group group = group_of_call[event->call];
    bool file = group == GROUP_FILE;
    return make_key(group, file ? space_of_device(major(event->place), minor(event->place)) : event->place,
                    event->number);
}

static bool key_of_object(const struct snapshot *snapshot, const struct object *object, struct key *ret_key)
{
    struct value space = object->fields[FIELD_NAMESPACE];
    uint64_t ipc = space.type == VALUE_NUMBER ? space.number : snapshot->ipc_namespace;
    for (size_t i = 0; i < COUNT_OF(groups); i++) {
        if (groups[i].kind != object->kind)
            continue;
        bool file = groups[i].group == GROUP_FILE;
        *ret_key = make_key(groups[i].group, file ? object->identity.space : ipc, object->identity.number);
        return true;
    }
    return false;
}

/* --- the run --- */

/* What the shim would have to say goes to another run already. */
static bool in_another_run(void)
{
    const char *preload = getenv("LD_PRELOAD");
    return getenv(PLAN_VARIABLE) && preload && strstr(preload, "libshmoo-inject.so");
}

static const char *reason_not_to(const char *command, struct attribution *attribution)
{
    if (in_another_run())
        return "shmoo itself runs inside another run of shmoo, which has the shim";
    if (program_look(command, &attribution->program) < 0)
        return "the command cannot be read";
    const char *reason = program_no_preload(&attribution->program);
    if (!reason && preload_find(attribution->shim) < 0)
        reason = "libshmoo-inject.so is not where it can be loaded from";
    return reason;
}

static int start(struct attribution *attribution)
{
    int r = session_create(NULL, LOG_SLOTS, 0, &attribution->session);
    if (r < 0)
        return r;
    struct plan *plan = attribution->session.plan;
    plan->engine = REACH_PRELOAD;
    plan->only_makers = true;
    for (unsigned call = 0; call < CALL_COUNT; call++)
        if (call_may_create(call))
            plan_trace(plan, call);
    attribution->reader = plan_reader_start(plan);
    return 0;
}

int attribution_new(const char *command, struct attribution **ret_attribution, const char **ret_reason)
{
    struct attribution *attribution = calloc(1, sizeof(*attribution));
    if (!attribution)
        return -ENOMEM;
    attribution->session = SESSION_NONE;
    const char *reason = reason_not_to(command, attribution);
    int r = reason ? -ENOTSUP : start(attribution);
    if (r < 0) {
        if (reason)
            *ret_reason = reason;
        attribution_free(attribution);
        return r;
    }
    *ret_attribution = attribution;
    return 0;
}

void attribution_free(struct attribution *attribution)
{
    if (!attribution)
        return;
    session_close(&attribution->session);
    call_sites_free(attribution->sites);
    array_free(&attribution->modules);
    array_free(&attribution->makings);
    hash_free(&attribution->made);
    arena_free(&attribution->arena);
    free(attribution);
}

int attribution_enter(const struct attribution *attribution)
{
    return preload_set(attribution->shim, attribution->program.sanitizer, attribution->session.path);
}

/* --- the log --- */

static int module_index(struct attribution *attribution, const char *path, uint32_t *ret_index)
{
    for (size_t i = attribution->modules.count; i-- > 0;)
        if (strcmp(attribution->modules.items[i], path) == 0) {
            *ret_index = (uint32_t)i;
            return 0;
        }
    const char *copy = arena_string(&attribution->arena, path);
    const char **slot = copy ? array_push(&attribution->modules) : NULL;
    if (!slot)
        return -ENOMEM;
    *slot = copy;
    *ret_index = (uint32_t)attribution->modules.count - 1;
    return 0;
}

static int add(struct attribution *attribution, const struct event *event)
{
    struct key key = key_of_event(event);
    uint32_t known;
    enum creates creates = call_creates(event->call, event->arguments);
    /* Who opens what is there already asks to create it just the same. */
    if (creates == CREATES_PERHAPS && hash_get(&attribution->made, key.high, key.low, &known))
        return 0;
    if (attribution->makings.count == MAKINGS_MAX)
        return -ENOSPC;
    struct logged logged = {
        .time = event->time,
        .offset = event->caller,
        .pid = event->pid,
        .call = event->call,
        .gives_to_exec = call_gives_to_exec(event->call, event->arguments),
        .fds = {event->fds[0], event->fds[1]}
    };
    if (logged.fds[0] < 0)
        logged.fds[0] = (int)event->result;
    if (module_index(attribution, event->module, &logged.module) < 0)
        return -ENOMEM;
    struct logged *slot = array_push(&attribution->makings);
    if (!slot)
        return -ENOMEM;
    *slot = logged;
    return hash_put(&attribution->made, key.high, key.low, (uint32_t)attribution->makings.count - 1);
}

void attribution_read(struct attribution *attribution)
{
    struct event event;
    while (plan_read(&attribution->reader, &event))
        if (add(attribution, &event) < 0)
            attribution->incomplete = true;
}

/* The count is bounded because the plan may hold nonsense. */
void attribution_finish(struct attribution *attribution)
{
    attribution_read(attribution);
    for (uint32_t left = LOG_SLOTS; left && plan_skip(&attribution->reader); left--)
        attribution_read(attribution);
}

void attribution_end(struct attribution *attribution)
{
    session_close(&attribution->session);
}

static const char *separator(const struct strbuf *text)
{
    return text->length ? "; " : "";
}

void attribution_gaps(const struct attribution *attribution, struct strbuf *text)
{
    const struct plan *plan = attribution->session.plan;
    if (!plan_valid(plan, attribution->session.size)) {
        strbuf_add_string(text, "the command truncated or overwrote the file in which its calls are noted");
        return;
    }
    uint32_t started = plan->started + 1, armed = plan->armed, others = plan->handed_over;
    if (armed < started)
        strbuf_add_format(text, "%u of %u programs did not load the shim (static, setuid or foreign)",
                          started - armed, started);
    if (others)
        strbuf_add_format(text, "%s%u %s of shmoo in it had the shim to themselves", separator(text), others,
                          others == 1 ? "run" : "runs");
    if (plan->lost || attribution->incomplete)
        strbuf_add_format(text, "%sit made more objects than could be kept track of", separator(text));
}

/* --- questions --- */

static struct making tell(struct attribution *attribution, const struct logged *logged)
{
    struct making making = {.pid = logged->pid,
                            .call = calls[logged->call].name,
                            .module = attribution->modules.items[logged->module],
                            .offset = logged->offset};
    if (!attribution->sites)
        attribution->sites = call_sites_new();
    if (!attribution->sites)
        return making;
    struct call_site site = call_sites_find(attribution->sites, making.module, making.offset);
    making.function = site.function;
    making.file = site.file;
    making.line = site.line;
    return making;
}

static const struct logged *find(const struct attribution *attribution, const struct snapshot *snapshot,
                                 const struct object *object)
{
    struct key key;
    uint32_t index;
    return key_of_object(snapshot, object, &key) && hash_get(&attribution->made, key.high, key.low, &index)
               ? &attribution->makings.items[index]
               : NULL;
}

bool attribution_find(struct attribution *attribution, const struct snapshot *snapshot,
                      const struct object *object, struct making *ret_making)
{
    const struct logged *logged = find(attribution, snapshot, object);
    if (logged)
        *ret_making = tell(attribution, logged);
    return logged;
}

bool attribution_inherited(struct attribution *attribution, const struct snapshot *snapshot,
                           const struct object *object, int fd, pid_t pid, uint64_t start,
                           struct making *ret_making)
{
    const struct logged *logged = find(attribution, snapshot, object);
    if (!logged || !logged->gives_to_exec || logged->pid == pid || logged->time > start + start_slack ||
        (logged->fds[0] != fd && logged->fds[1] != fd))
        return false;
    *ret_making = tell(attribution, logged);
    return true;
}
