/*
 * rule_removed.c - objects that were removed but still have users. Their memory stays until the last one lets
 * go, and nobody else can find them any more.
 */
#include "common/units.h"
#include "inspector/finding.h"
#include "probes/collect.h"
#include "probes/kind.h"

#include <errno.h>

extern const struct rule rule_removed;

static bool is_removed(const struct object *object)
{
    return object_says(object, FIELD_STATE, "removed") || object_says(object, FIELD_STATE, "deleted");
}

static int find_removed(const struct evidence *evidence, struct findings *findings)
{
    static const struct kind *const concerned[] = {&kind_sysv_shm, &kind_posix_shm, &kind_posix_sem,
                                                   &kind_posix_mq, &kind_fifo};
    for (size_t i = 0; i < evidence->snapshot->object_count; i++) {
        const struct object *object = evidence->snapshot->objects[i];
        char size[UNITS_TEXT_MAX];
        bool concerns = false;
        for (size_t j = 0; j < COUNT_OF(concerned); j++)
            concerns |= concerned[j] == object->kind;
        if (!concerns || !is_removed(object))
            continue;
        size_t users = snapshot_users(evidence->snapshot, object, EDGE_ROLE_COUNT);
        struct value bytes = object->fields[FIELD_USED];
        struct finding *finding =
            finding_add(findings, &rule_removed, CONFIDENCE_CERTAIN, object,
                        "removed, but %s stays until %zu process%s let%s go of it",
                        bytes.type == VALUE_BYTES ? units_format_size(bytes.number, size) : "it", users,
                        users == 1 ? "" : "es", users == 1 ? "s" : "");
        if (!finding)
            return -ENOMEM;
    }
    return 0;
}

const struct rule rule_removed = {
    .name = "removed",
    .singular = "removed but in use",
    .plural = "removed but in use",
    .needs = NEED_USERS,
    .find = find_removed,
};
