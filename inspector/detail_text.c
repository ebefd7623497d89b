/* detail_text.c - see detail_text.h. */
#include "inspector/detail_text.h"

#include "common/strbuf.h"
#include "inspector/value_format.h"

#include <inttypes.h>

static const struct value_style plain;

void detail_line(struct detail *detail, const char *label, struct strbuf *text)
{
    struct detail_line *line = array_push(&detail->lines);
    const char *copy = text->failed ? NULL : arena_string(&detail->arena, strbuf_text(text));
    strbuf_clear(text);
    if (!line || !copy) {
        detail->failed = true;
        return;
    }
    *line = (struct detail_line){.label = label, .text = copy};
}

void detail_heading(struct detail *detail, const char *text)
{
    AUTO_STRBUF struct strbuf copy = {0};
    strbuf_add_string(&copy, text);
    detail_line(detail, NULL, &copy);
}

static void add_bytes(struct strbuf *text, const struct snapshot *snapshot, struct value value)
{
    (void)snapshot;
    value_format(text, value, &plain);
    if (value.number >= 1024)
        strbuf_add_format(text, " (%" PRIu64 " bytes)", value.number);
}

/* The number behind a name; where there is no name it has been said already. */
static void add_id(struct strbuf *text, const struct snapshot *snapshot, struct value value)
{
    AUTO_STRBUF struct strbuf name = {0}, number = {0};
    (void)snapshot;
    value_format(&name, value, &plain);
    strbuf_add_format(&number, "%" PRIu64, value.number);
    strbuf_add_string(text, strbuf_text(&name));
    if (strcmp(strbuf_text(&name), strbuf_text(&number)) != 0)
        strbuf_add_format(text, " (%s)", strbuf_text(&number));
    text->failed |= name.failed || number.failed;
}

static void add_mode(struct strbuf *text, const struct snapshot *snapshot, struct value value)
{
    (void)snapshot;
    value_format(text, value, &plain);
    strbuf_add_format(text, " (%04" PRIo64 ")", value.number);
}

static void add_time(struct strbuf *text, const struct snapshot *snapshot, struct value value)
{
    value_format(text, value, &plain);
    if (!value.number || value.number > snapshot->time)
        return;
    strbuf_add_string(text, " (");
    value_format(text, value_of(VALUE_DURATION, snapshot->time - value.number), &plain);
    strbuf_add_string(text, " ago)");
}

static void (*const long_forms[])(struct strbuf *text, const struct snapshot *snapshot,
                                  struct value value) = {
    [VALUE_BYTES] = add_bytes, [VALUE_USER] = add_id,   [VALUE_GROUP] = add_id,
    [VALUE_MODE] = add_mode,   [VALUE_TIME] = add_time,
};

void detail_add_value(struct strbuf *text, const struct snapshot *snapshot, struct value value)
{
    if (value.type < COUNT_OF(long_forms) && long_forms[value.type])
        long_forms[value.type](text, snapshot, value);
    else
        value_format(text, value, &plain);
}

void detail_add_pid(struct strbuf *text, const struct snapshot *snapshot, pid_t pid, enum verdict verdict)
{
    const struct known_pid *known = snapshot_known_pid(snapshot, pid);
    if (verdict == VERDICT_NONE) {
        strbuf_add_char(text, '-');
        return;
    }
    if (pid)
        strbuf_add_format(text, "%d ", pid);
    strbuf_add_string(text, verdict == VERDICT_REUSED ? "dead, its pid reused" : verdict_name(verdict));
    if (!known || !value_known(known->comm) || (verdict != VERDICT_ALIVE && verdict != VERDICT_REUSED))
        return;
    strbuf_add_string(text, verdict == VERDICT_ALIVE ? ": " : " by ");
    value_format(text, known->comm, &plain);
}

/* Words end with a NUL; a process that renamed itself leaves many behind. */
void detail_add_command(struct strbuf *text, const struct process *process)
{
    const char *at = process->command.string;
    size_t length = process->command.type == VALUE_STRING ? process->command.length : 0;
    while (length && at[length - 1] == '\0')
        length--;
    if (!length) {
        strbuf_add_char(text, '[');
        value_format(text, process->comm, &plain);
        strbuf_add_char(text, ']');
        return;
    }
    for (const char *end = at + length; at < end;) {
        size_t word = strnlen(at, (size_t)(end - at));
        value_format(text, value_string(at, word), &plain);
        at += word + 1;
        if (at < end)
            strbuf_add_char(text, ' ');
    }
}

void detail_add_process_name(struct strbuf *text, const struct process *process)
{
    strbuf_add_format(text, "%d ", process->pid);
    detail_add_command(text, process);
    strbuf_add_string(text, " (");
    value_format(text, value_of(VALUE_USER, process->uid), &plain);
    if (value_known(process->container)) {
        strbuf_add_string(text, ", container ");
        value_format(text, process->container, &plain);
    }
    strbuf_add_char(text, ')');
}

static void add_access(struct strbuf *text, uint8_t access)
{
    strbuf_add_format(text, " %c%c%c", access & EDGE_READ ? 'r' : '-', access & EDGE_WRITE ? 'w' : '-',
                      access & EDGE_EXECUTE ? 'x' : '-');
}

static void add_mapped(struct strbuf *text, const struct edge *edge)
{
    strbuf_add_char(text, ' ');
    value_format(text, value_of(VALUE_BYTES, edge->bytes), &plain);
    add_access(text, edge->access);
    if (edge->count > 1)
        strbuf_add_format(text, ", %u mappings", edge->count);
}

static void add_open(struct strbuf *text, const struct edge *edge)
{
    strbuf_add_format(text, " as descriptor %d", edge->fd);
    add_access(text, edge->access);
    if (edge->count > 1)
        strbuf_add_format(text, " and %u more", edge->count - 1);
}

/* The thread has the number of its process when it is the only or the first one. */
static void add_waiting(struct strbuf *text, const struct edge *edge)
{
    if (edge->operation)
        strbuf_add_format(text, edge->tid ? " in %s" : " for it (%s)", edge->operation);
    if (edge->unit >= 0)
        strbuf_add_format(text, " for semaphore %d, %s%d", edge->unit, edge->amount > 0 ? "+" : "",
                          edge->amount);
    if (edge->tid)
        strbuf_add_format(text, ", thread %d", edge->tid);
}

static void add_holding(struct strbuf *text, const struct edge *edge)
{
    if (edge->operation)
        strbuf_add_format(text, " it (%s)", edge->operation);
    if (edge->tid)
        strbuf_add_format(text, ", thread %d", edge->tid);
    if (edge->fd >= 0)
        strbuf_add_format(text, ", descriptor %d", edge->fd);
}

static void add_notify(struct strbuf *text, const struct edge *edge)
{
    (void)edge;
    strbuf_add_string(text, " when a message arrives");
}

void detail_add_edge(struct strbuf *text, const struct edge *edge)
{
    static void (*const roles[EDGE_ROLE_COUNT])(struct strbuf * text, const struct edge *edge) = {
        [EDGE_MAPPED] = add_mapped,   [EDGE_OPEN] = add_open,     [EDGE_WAITING] = add_waiting,
        [EDGE_HOLDING] = add_holding, [EDGE_NOTIFY] = add_notify,
    };
    strbuf_add_string(text, edge_role_name(edge->role));
    roles[edge->role](text, edge);
}
