/*
 * rule_removed.c - objects that were removed but still have users. Their memory stays until the last one lets
 * go, and nobody else can find them any more. Many programs remove what they make as soon as all have it, to
 * have it gone when they end, so this is a hint; what is small, like a semaphore, is no matter at all.
 */
#include "common/array.h"
#include "common/units.h"
#include "inspector/finding.h"
#include "probes/collect.h"
#include "probes/kind.h"

#include <errno.h>

extern const struct rule rule_removed;

static const struct kind *const concerned[] = {&kind_sysv_shm, &kind_posix_shm, &kind_posix_mq, &kind_fifo};

static bool is_concerned(const struct object *object)
{
    bool removed = object_says(object, FIELD_STATE, "removed") || object_says(object, FIELD_STATE, "deleted");
    for (size_t i = 0; removed && i < COUNT_OF(concerned); i++)
        if (concerned[i] == object->kind)
            return true;
    return false;
}

static int look(const struct snapshot *snapshot, const struct object *object, struct findings *findings)
{
    char size[UNITS_TEXT_MAX];
    size_t users = snapshot_users(snapshot, object, EDGE_ROLE_COUNT);
    struct value bytes = object->fields[FIELD_USED];
    if (!is_concerned(object))
        return 0;
    struct finding *finding = finding_add(
        findings, &rule_removed, CONFIDENCE_HINT, object, "removed, but %s stays until %zu %s let%s go of it",
        bytes.type == VALUE_BYTES ? units_format_size(bytes.number, size) : "it", users,
        units_processes(users), users == 1 ? "s" : "");
    if (!finding)
        return -ENOMEM;
    finding->confirm = "somebody else than its own program removed it";
    return 0;
}

static int find_removed(const struct evidence *evidence, struct findings *findings)
{
    return findings_each_object(evidence, findings, look);
}

const struct rule rule_removed = {
    .name = "removed",
    .singular = "removed but in use",
    .plural = "removed but in use",
    .needs = NEED_USERS,
    .find = find_removed,
};
