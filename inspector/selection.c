/* selection.c - see selection.h. */
#include "inspector/selection.h"

#include "common/cleanup.h"
#include "common/strbuf.h"
#include "inspector/filter.h"
#include "probes/collect.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <string.h>

unsigned selection_needs(const struct selection *selection)
{
    unsigned needs = selection->filter ? filter_needs(selection->filter) : 0;
    if (selection->sort)
        needs |= column_needs(selection->sort);
    if (selection->by_user || selection->by_pid)
        needs |= NEED_USERS | NEED_WAITERS;
    return needs;
}

static bool is_number(struct value value, enum value_type type, uint64_t number)
{
    return value.type == type && value.number == number;
}

static bool has_user(const struct snapshot *snapshot, const struct object *object, uid_t user)
{
    if (is_number(object->fields[FIELD_OWNER], VALUE_USER, user) ||
        is_number(object->fields[FIELD_CREATOR], VALUE_USER, user))
        return true;
    size_t count;
    const struct edge *edges = snapshot_edges(snapshot, object, &count);
    for (size_t i = 0; i < count; i++)
        if (snapshot->processes[edges[i].process].uid == user)
            return true;
    return false;
}

static bool has_pid(const struct snapshot *snapshot, const struct object *object, pid_t pid)
{
    for (size_t field = 0; field < FIELD_COUNT; field++)
        if (is_number(object->fields[field], VALUE_PID, (uint64_t)pid))
            return true;
    size_t count;
    const struct edge *edges = snapshot_edges(snapshot, object, &count);
    for (size_t i = 0; i < count; i++)
        if (snapshot->processes[edges[i].process].pid == pid)
            return true;
    return false;
}

static bool is_selected(const struct selection *selection, const struct snapshot *snapshot,
                        const struct object *object, struct strbuf *scratch)
{
    if (object->hidden)
        return false;
    if (selection->by_user && !has_user(snapshot, object, selection->user))
        return false;
    if (selection->by_pid && !has_pid(snapshot, object, selection->pid))
        return false;
    return !selection->filter || filter_match(selection->filter, snapshot, object, scratch);
}

/* An object with the value it is sorted by; strings are offsets into one buffer, which moves as it grows. */
struct ranked {
    const struct object *object;
    struct value value;
    size_t text;
    const char *texts;
};

static int compare_values(const struct ranked *a, const struct ranked *b)
{
    if (a->value.type != VALUE_STRING && a->value.type != VALUE_WORD)
        return a->value.number < b->value.number ? -1 : a->value.number > b->value.number;
    uint32_t shorter = a->value.length < b->value.length ? a->value.length : b->value.length;
    int order = memcmp(a->texts + a->text, b->texts + b->text, shorter);
    if (order)
        return order;
    return a->value.length < b->value.length ? -1 : a->value.length > b->value.length;
}

/* Objects without a value come last in either direction; equal ones keep the order of the snapshot. */
static int compare_ranked(const void *left, const void *right, void *argument)
{
    const struct ranked *a = left, *b = right;
    bool descending = *(bool *)argument;
    if (value_known(a->value) != value_known(b->value))
        return value_known(a->value) ? -1 : 1;
    int order = value_known(a->value) ? compare_values(a, b) : 0;
    if (order)
        return descending ? -order : order;
    return a->object->index < b->object->index ? -1 : 1;
}

static int sort_objects(const struct selection *selection, const struct snapshot *snapshot,
                        object_list *objects)
{
    AUTO_STRBUF struct strbuf scratch = {0}, texts = {0};
    AUTO_FREE struct ranked *ranked = calloc(objects->count + 1, sizeof(*ranked));
    if (!ranked)
        return -ENOMEM;
    for (size_t i = 0; i < objects->count; i++) {
        ranked[i].object = objects->items[i];
        ranked[i].value = column_value(selection->sort, snapshot, objects->items[i], &scratch);
        ranked[i].text = texts.length;
        if (ranked[i].value.type == VALUE_STRING || ranked[i].value.type == VALUE_WORD)
            strbuf_add(&texts, ranked[i].value.string, ranked[i].value.length);
    }
    if (texts.failed || scratch.failed)
        return -ENOMEM;
    for (size_t i = 0; i < objects->count; i++)
        ranked[i].texts = strbuf_text(&texts);
    bool descending = selection->descending;
    qsort_r(ranked, objects->count, sizeof(*ranked), compare_ranked, &descending);
    for (size_t i = 0; i < objects->count; i++)
        objects->items[i] = ranked[i].object;
    return 0;
}

int selection_apply(const struct selection *selection, const struct snapshot *snapshot, object_list *objects)
{
    AUTO_STRBUF struct strbuf scratch = {0};
    for (size_t i = 0; i < snapshot->object_count; i++) {
        if (!is_selected(selection, snapshot, snapshot->objects[i], &scratch))
            continue;
        const struct object **slot = array_push(objects);
        if (!slot)
            return -ENOMEM;
        *slot = snapshot->objects[i];
    }
    if (scratch.failed)
        return -ENOMEM;
    return selection->sort ? sort_objects(selection, snapshot, objects) : 0;
}
