/* event.c - see event.h. */
#include "inspector/dashboard/event.h"

#include "common/units.h"
#include "inspector/delta.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *event_type_name(enum event_type type)
{
    static const char *const names[EVENT_TYPE_COUNT] = {
        [EVENT_APPEARED] = "appeared", [EVENT_VANISHED] = "vanished", [EVENT_GREW] = "grew",
        [EVENT_SHRANK] = "shrank",     [EVENT_ATTACHED] = "attached", [EVENT_DETACHED] = "detached",
        [EVENT_STATE] = "changed",     [EVENT_WAITS] = "waiters",
    };
    return names[type];
}

static void add(struct events *events, uint64_t time, enum event_type type, const char *label,
                const char *format, ...) __attribute__((format(printf, 5, 6)));

static void add(struct events *events, uint64_t time, enum event_type type, const char *label,
                const char *format, ...)
{
    char detail[128];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(detail, sizeof(detail), format, arguments);
    va_end(arguments);
    struct event *event = &events->items[events->count % EVENTS_MAX];
    free(event->label);
    free(event->detail);
    *event = (struct event){.time = time,
                            .number = ++events->count,
                            .type = type,
                            .label = strdup(label),
                            .detail = strdup(detail)};
}

static void add_size(struct events *events, const struct delta *delta, const struct object *before,
                     const struct object *after)
{
    char from[UNITS_TEXT_MAX], to[UNITS_TEXT_MAX];
    struct value old = before->fields[FIELD_SIZE], new = after->fields[FIELD_SIZE];
    if (!value_known(old) || !value_known(new))
        return;
    add(events, delta->after->time, new.number > old.number ? EVENT_GREW : EVENT_SHRANK, after->label,
        "size %s to %s", units_format_size(old.number, from), units_format_size(new.number, to));
}

static void add_users(struct events *events, const struct delta *delta, const struct object *before,
                      const struct object *after)
{
    size_t old = snapshot_users(delta->before, before, EDGE_ROLE_COUNT);
    size_t new = snapshot_users(delta->after, after, EDGE_ROLE_COUNT);
    add(events, delta->after->time, new > old ? EVENT_ATTACHED : EVENT_DETACHED, after->label,
        "%zu %s, before %zu", new, units_processes(new), old);
}

static void add_waiters(struct events *events, const struct delta *delta, const struct object *before,
                        const struct object *after)
{
    add(events, delta->after->time, EVENT_WAITS, after->label, "%zu waiting, before %zu",
        snapshot_users(delta->after, after, EDGE_WAITING),
        snapshot_users(delta->before, before, EDGE_WAITING));
}

static void add_state(struct events *events, const struct delta *delta, const struct object *before,
                      const struct object *after)
{
    struct value old = before->fields[FIELD_STATE], new = after->fields[FIELD_STATE];
    if (old.type == VALUE_WORD && new.type == VALUE_WORD)
        add(events, delta->after->time, EVENT_STATE, after->label, "%s, before %s", new.string, old.string);
}

/* Which changes are worth an event. */
static const struct {
    uint64_t bit;
    void (*add)(struct events *events, const struct delta *delta, const struct object *before,
                const struct object *after);
} worth[] = {
    {DELTA_FIELD(FIELD_STATE), add_state  },
    {DELTA_FIELD(FIELD_SIZE),  add_size   },
    {DELTA_USERS,              add_users  },
    {DELTA_WAITERS,            add_waiters},
};

static void add_appeared(struct events *events, const struct delta *delta, const struct object *object)
{
    char size[UNITS_TEXT_MAX];
    struct value bytes = object->fields[FIELD_SIZE];
    add(events, delta->after->time, EVENT_APPEARED, object->label, "%s",
        bytes.type == VALUE_BYTES ? units_format_size(bytes.number, size) : "");
}

void events_add(struct events *events, const struct delta *delta)
{
    if (!delta->before)
        return;
    for (size_t i = 0; i < delta->vanished_count; i++)
        if (!delta->before->objects[delta->vanished[i]]->hidden)
            add(events, delta->after->time, EVENT_VANISHED, delta->before->objects[delta->vanished[i]]->label,
                "%s", "");
    for (size_t i = 0; i < delta->after->object_count; i++) {
        const struct object *object = delta->after->objects[i];
        if (object->hidden)
            continue;
        if (delta_appeared(delta, object))
            add_appeared(events, delta, object);
        for (size_t j = 0; j < sizeof(worth) / sizeof(worth[0]); j++)
            if (delta->changed[i] & worth[j].bit)
                worth[j].add(events, delta, delta->before->objects[delta->previous[i]], object);
    }
}

size_t events_kept(const struct events *events)
{
    return events->count < EVENTS_MAX ? (size_t)events->count : EVENTS_MAX;
}

const struct event *events_get(const struct events *events, size_t nth)
{
    return &events->items[(events->count - 1 - nth) % EVENTS_MAX];
}

void events_free(struct events *events)
{
    for (size_t i = 0; i < EVENTS_MAX; i++) {
        free(events->items[i].label);
        free(events->items[i].detail);
    }
    *events = (struct events){0};
}
