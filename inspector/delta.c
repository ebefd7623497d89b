/* delta.c - see delta.h. */
#include "inspector/delta.h"

#include "common/cleanup.h"
#include "common/hash.h"
#include "probes/kind.h"

#include <errno.h>
#include <string.h>

_Static_assert(FIELD_COUNT <= 62, "each field has a bit of its own");

static bool same_value(struct value a, struct value b)
{
    if (a.type != b.type)
        return false;
    if (a.type == VALUE_NONE || a.type == VALUE_DENIED)
        return true;
    if (a.type == VALUE_STRING || a.type == VALUE_WORD)
        return a.length == b.length && memcmp(a.string, b.string, a.length) == 0;
    return a.number == b.number;
}

/*
 * The generation of a System V object is its ctime, which IPC_SET and SETVAL set too (semctl_setval() in
 * ipc/sem.c); but its id has a sequence number, so the same id of the same creator is still the same object.
 */
static bool same_object(const struct object *a, const struct object *b)
{
    static const enum field lasting[] = {FIELD_KEY, FIELD_CREATOR, FIELD_CPID};
    if (a->kind != b->kind)
        return false;
    if (a->identity.generation == b->identity.generation)
        return true;
    if (a->fields[FIELD_KEY].type != VALUE_KEY)
        return false;
    for (size_t i = 0; i < sizeof(lasting) / sizeof(lasting[0]); i++)
        if (!same_value(a->fields[lasting[i]], b->fields[lasting[i]]))
            return false;
    return true;
}

/* An event loop comes and goes all the time, and waits for this only among others. */
static size_t count_waiters(const struct snapshot *snapshot, const struct object *object)
{
    size_t count, waiters = 0;
    const struct edge *edges = snapshot_edges(snapshot, object, &count);
    for (size_t i = 0; i < count; i++)
        waiters += edges[i].role == EDGE_WAITING && !edges[i].any;
    return waiters;
}

static uint64_t changes(const struct delta *delta, const struct object *before, const struct object *after)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (!same_value(before->fields[i], after->fields[i]))
            bits |= DELTA_FIELD(i);
    if (snapshot_users(delta->before, before, EDGE_ROLE_COUNT) !=
        snapshot_users(delta->after, after, EDGE_ROLE_COUNT))
        bits |= DELTA_USERS;
    if (count_waiters(delta->before, before) != count_waiters(delta->after, after))
        bits |= DELTA_WAITERS;
    return bits;
}

static int index_objects(const struct snapshot *snapshot, struct hash *ret_index)
{
    for (size_t i = 0; i < snapshot->object_count; i++) {
        const struct identity *identity = &snapshot->objects[i]->identity;
        if (hash_put(ret_index, identity->space, identity->number, (uint32_t)i) < 0)
            return -ENOMEM;
    }
    return 0;
}

static bool is_compared(const struct delta *delta, const struct object *object)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (kinds[i] == object->kind)
            return delta->kinds & UINT64_C(1) << i;
    return false;
}

bool delta_appeared(const struct delta *delta, const struct object *object)
{
    return delta->before && delta->previous[object->index] == DELTA_NONE && is_compared(delta, object);
}

static int match(struct delta *delta, struct hash *index)
{
    size_t old_count = delta->before ? delta->before->object_count : 0;
    AUTO_FREE bool *met = calloc(old_count + 1, sizeof(*met));
    if (!met || (delta->before && index_objects(delta->before, index) < 0))
        return -ENOMEM;
    for (size_t i = 0; i < delta->after->object_count; i++) {
        const struct object *object = delta->after->objects[i];
        uint32_t old;
        delta->previous[i] = DELTA_NONE;
        if (!hash_get(index, object->identity.space, object->identity.number, &old) ||
            !same_object(delta->before->objects[old], object))
            continue;
        met[old] = true;
        delta->previous[i] = old;
        delta->changed[i] = changes(delta, delta->before->objects[old], object);
    }
    for (size_t i = 0; i < old_count; i++)
        if (!met[i] && is_compared(delta, delta->before->objects[i]))
            delta->vanished[delta->vanished_count++] = (uint32_t)i;
    return 0;
}

int delta_make(const struct snapshot *before, const struct snapshot *after, uint64_t compared,
               struct delta *ret_delta)
{
    size_t old_count = before ? before->object_count : 0;
    struct hash index = {0};
    struct delta delta = {
        .before = before,
        .after = after,
        .kinds = compared,
        .previous = calloc(after->object_count + 1, sizeof(*delta.previous)),
        .changed = calloc(after->object_count + 1, sizeof(*delta.changed)),
        .vanished = calloc(old_count + 1, sizeof(*delta.vanished)),
    };
    int r = delta.previous && delta.changed && delta.vanished ? match(&delta, &index) : -ENOMEM;
    hash_free(&index);
    if (r < 0) {
        delta_free(&delta);
        return r;
    }
    *ret_delta = delta;
    return 0;
}

static struct value rate(enum value_type type, double growth, double seconds)
{
    static const double most = 9e18; /* what 64 bits can hold: files and recordings may claim anything */
    double change = growth / seconds * (type == VALUE_RATE ? 1000 : 1);
    change = change > most ? most : change < -most ? -most : change;
    return value_change(type, (int64_t)change);
}

static struct value rate_of_field(enum value_type type, const struct object *before,
                                  const struct object *after, enum field field, double seconds)
{
    struct value old = before->fields[field], new = after->fields[field];
    if (!value_known(old) || !value_known(new))
        return (struct value){0};
    return rate(type, (double)new.number - (double)old.number, seconds);
}

bool delta_rates(const struct delta *delta, const struct object *object, struct rates *ret_rates)
{
    uint32_t old = delta->previous[object->index];
    if (old == DELTA_NONE || delta->after->time <= delta->before->time)
        return false;
    const struct object *before = delta->before->objects[old];
    double seconds = (double)(delta->after->time - delta->before->time) / 1e9;
    bool queue = value_known(object->fields[FIELD_FILL]), counted = value_known(object->fields[FIELD_NATTCH]);
    double users = (double)snapshot_users(delta->after, object, EDGE_ROLE_COUNT) -
                   (double)snapshot_users(delta->before, before, EDGE_ROLE_COUNT);
    *ret_rates = (struct rates){
        .bytes = rate_of_field(VALUE_BYTE_RATE, before, object, queue ? FIELD_FILL : FIELD_USED, seconds),
        .messages = rate_of_field(VALUE_RATE, before, object, FIELD_MESSAGES, seconds),
        .attachments = counted ? rate_of_field(VALUE_RATE, before, object, FIELD_NATTCH, seconds)
                               : rate(VALUE_RATE, users, seconds),
    };
    return true;
}

void delta_free(struct delta *delta)
{
    free(delta->previous);
    free(delta->changed);
    free(delta->vanished);
    *delta = (struct delta){0};
}
