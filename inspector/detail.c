/* detail.c - see detail.h: the lines of an object. Those of a process are in detail_process.c. */
#include "inspector/detail.h"

#include "common/strbuf.h"
#include "common/units.h"
#include "inspector/detail_text.h"
#include "probes/kind.h"

#include <errno.h>
#include <inttypes.h>

/* A field's label; with a kind, only for that one and instead of the general one; NULL hides it. */
struct row {
    const char *label;
    enum field field;
    const struct kind *kind;
};

static const struct row rows[] = {
    {"Name",                 FIELD_NAME,      NULL          },
    {"Path",                 FIELD_PATH,      NULL          },
    {"Key",                  FIELD_KEY,       NULL          },
    {"Inode",                FIELD_INODE,     NULL          },
    {"Device",               FIELD_DEVICE,    NULL          },
    {"IPC namespace",        FIELD_NAMESPACE, NULL          },
    {"Container",            FIELD_CONTAINER, NULL          },
    {"State",                FIELD_STATE,     NULL          },
    {"Type",                 FIELD_TYPE,      NULL          },
    {"Size",                 FIELD_SIZE,      NULL          },
    {"Used",                 FIELD_USED,      NULL          },
    {"In memory",            FIELD_RSS,       NULL          },
    {"Swapped out",          FIELD_SWAP,      NULL          },
    {"Queued",               FIELD_FILL,      NULL          },
    {"Capacity",             FIELD_CAPACITY,  NULL          },
    {"Connections waiting",  FIELD_MESSAGES,  &kind_unix    },
    {"Backlog",              FIELD_MAXMSG,    &kind_unix    },
    {"Signals queued",       FIELD_MESSAGES,  &kind_signal  },
    {"Signals allowed",      FIELD_MAXMSG,    &kind_signal  },
    {NULL,                   FIELD_SIZE,      &kind_pipe    },
    {NULL,                   FIELD_USED,      &kind_pipe    },
    {NULL,                   FIELD_SIZE,      &kind_fifo    },
    {NULL,                   FIELD_USED,      &kind_fifo    },
    {NULL,                   FIELD_SIZE,      &kind_sysv_msg},
    {NULL,                   FIELD_USED,      &kind_sysv_msg},
    {NULL,                   FIELD_SIZE,      &kind_unix    },
    {NULL,                   FIELD_USED,      &kind_unix    },
    {"Messages",             FIELD_MESSAGES,  NULL          },
    {"Messages allowed",     FIELD_MAXMSG,    NULL          },
    {"Largest message",      FIELD_MSGSIZE,   NULL          },
    {"Semaphores",           FIELD_NSEMS,     NULL          },
    {"Value",                FIELD_VALUE,     NULL          },
    {"Waiters counted",      FIELD_BLOCKED,   NULL          },
    {"Pending",              FIELD_PENDING,   NULL          },
    {"Blocked",              FIELD_BLOCKING,  NULL          },
    {"Owner",                FIELD_OWNER,     NULL          },
    {"Group",                FIELD_GROUP,     NULL          },
    {"Creator",              FIELD_CREATOR,   NULL          },
    {"Creator's group",      FIELD_CGROUP,    NULL          },
    {"Mode",                 FIELD_MODE,      NULL          },
    {"Made",                 FIELD_BTIME,     NULL          },
    {"Made or changed",      FIELD_CTIME,     NULL          },
    {"Written",              FIELD_MTIME,     NULL          },
    {"Last attach or read",  FIELD_ATIME,     NULL          },
    {"Last detach",          FIELD_DTIME,     NULL          },
    {"Last operation",       FIELD_OTIME,     NULL          },
    {"Last send",            FIELD_STIME,     NULL          },
    {"Last receive",         FIELD_RTIME,     NULL          },
    {"Created by",           FIELD_CPID,      NULL          },
    {"Last used by",         FIELD_LPID,      NULL          },
    {"Last sent by",         FIELD_LSPID,     NULL          },
    {"Last received by",     FIELD_LRPID,     NULL          },
    {"Locked by thread",     FIELD_HOLDER,    NULL          },
    {"Registered to notify", FIELD_NOTIFY,    NULL          },
    {"Signal",               FIELD_SIGNAL,    NULL          },
};

static bool row_applies(const struct row *row, const struct object *object)
{
    if (!row->label || object->fields[row->field].type == VALUE_NONE ||
        (row->kind && row->kind != object->kind))
        return false;
    for (size_t i = 0; !row->kind && i < COUNT_OF(rows); i++)
        if (rows[i].field == row->field && rows[i].kind == object->kind)
            return false;
    return true;
}

static void add_rows(struct detail *detail, const struct snapshot *snapshot, const struct object *object)
{
    AUTO_STRBUF struct strbuf text = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct value value = object->fields[rows[i].field];
        if (!row_applies(&rows[i], object))
            continue;
        if (value.type == VALUE_PID)
            detail_add_pid(&text, snapshot, (pid_t)value.number,
                           snapshot_verdict(snapshot, object, rows[i].field));
        else
            detail_add_value(&text, snapshot, value);
        detail_line(detail, rows[i].label, &text);
    }
}

/* The kernel counts mappings in all namespaces; those that were seen may be fewer. */
static void add_attachments(struct detail *detail, const struct snapshot *snapshot,
                            const struct object *object)
{
    AUTO_STRBUF struct strbuf text = {0};
    struct value nattch = object->fields[FIELD_NATTCH];
    size_t count, seen = 0, users = snapshot_users(snapshot, object, EDGE_MAPPED);
    if (!value_known(nattch))
        return;
    const struct edge *edges = snapshot_edges(snapshot, object, &count);
    for (size_t i = 0; i < count; i++)
        seen += edges[i].role == EDGE_MAPPED ? edges[i].count : 0;
    strbuf_add_format(&text, "%" PRIu64 " (seen: %zu by %zu %s)", nattch.number, seen, users,
                      units_processes(users));
    detail_line(detail, "Attachments", &text);
}

static void add_end(struct detail *detail, const struct snapshot *snapshot, const struct object *object,
                    const char *name, uint8_t access)
{
    AUTO_STRBUF struct strbuf text = {0};
    size_t count, ends = 0;
    const struct edge *edges = snapshot_edges(snapshot, object, &count);
    for (size_t i = 0; i < count; i++)
        ends += edges[i].role == EDGE_OPEN && edges[i].access & access;
    strbuf_add_format(&text, "%zu %s", ends, units_processes(ends));
    detail_line(detail, name, &text);
}

static void add_ends(struct detail *detail, const struct snapshot *snapshot, const struct object *object)
{
    if (object->kind != &kind_pipe && object->kind != &kind_fifo)
        return;
    add_end(detail, snapshot, object, "Readers", EDGE_READ);
    add_end(detail, snapshot, object, "Writers", EDGE_WRITE);
}

static void add_users(struct detail *detail, const struct snapshot *snapshot, const struct object *object,
                      const char *heading)
{
    AUTO_STRBUF struct strbuf text = {0};
    size_t count;
    const struct edge *edges = snapshot_edges(snapshot, object, &count);
    if (count)
        detail_heading(detail, heading);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || edges[i].process != edges[i - 1].process) {
            detail_add_process_name(&text, &snapshot->processes[edges[i].process]);
            detail_line(detail, "Process", &text);
        }
        detail_add_edge(&text, &edges[i]);
        detail_line(detail, "", &text);
    }
}

static void add_peer(struct detail *detail, const struct snapshot *snapshot, const struct object *object)
{
    AUTO_STRBUF struct strbuf text = {0};
    struct value peer = object->fields[FIELD_PEER];
    if (!value_known(peer))
        return;
    detail_add_value(&text, snapshot, peer);
    const struct object *other = snapshot_find(snapshot, strbuf_text(&text));
    detail_line(detail, "Peer", &text);
    if (other)
        add_users(detail, snapshot, other, "Peer's users");
}

static void add_semaphores(struct detail *detail, const struct snapshot *snapshot,
                           const struct object *object)
{
    AUTO_STRBUF struct strbuf text = {0};
    if (!object->semaphores)
        return;
    detail_heading(detail, "Semaphores");
    for (size_t i = 0; i < object->fields[FIELD_NSEMS].number; i++) {
        const struct semaphore *semaphore = &object->semaphores[i];
        const char *label = arena_format(&detail->arena, "%zu", i);
        strbuf_add_format(&text, "value %d", semaphore->value);
        if (semaphore->ncnt)
            strbuf_add_format(&text, ", %d wait for more", semaphore->ncnt);
        if (semaphore->zcnt)
            strbuf_add_format(&text, ", %d wait for zero", semaphore->zcnt);
        if (semaphore->pid) {
            strbuf_add_string(&text, ", last used by ");
            detail_add_pid(&text, snapshot, semaphore->pid, snapshot_semaphore_verdict(snapshot, object, i));
        }
        detail_line(detail, label ? label : "", &text);
        detail->failed |= !label;
    }
}

int detail_add_object(struct detail *detail, const struct snapshot *snapshot, const struct object *object)
{
    detail_heading(detail, object->label);
    add_rows(detail, snapshot, object);
    add_attachments(detail, snapshot, object);
    add_ends(detail, snapshot, object);
    add_semaphores(detail, snapshot, object);
    add_users(detail, snapshot, object, "Users");
    add_peer(detail, snapshot, object);
    return detail->failed ? -ENOMEM : 0;
}

void detail_free(struct detail *detail)
{
    array_free(&detail->lines);
    arena_free(&detail->arena);
}
