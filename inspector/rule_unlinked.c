/*
 * rule_unlinked.c - much memory without a name that nobody maps: only forgotten descriptors keep it charged,
 * and no listing of files shows it. Memory that somebody maps is in use; a memfd may also be read and written
 * like a file, so that is only a hint.
 */
#include "common/units.h"
#include "inspector/finding.h"
#include "probes/collect.h"
#include "probes/kind.h"

#include <errno.h>

extern const struct rule rule_unlinked;

static const uint64_t much = UINT64_C(16) << 20;

static int look(const struct snapshot *snapshot, const struct object *object, struct findings *findings)
{
    char size[UNITS_TEXT_MAX];
    bool memfd = object->kind == &kind_memfd;
    bool file = object->kind == &kind_posix_shm && object_says(object, FIELD_STATE, "deleted");
    struct value used = object->fields[FIELD_USED];
    size_t openers = snapshot_users(snapshot, object, EDGE_OPEN);
    if ((!memfd && !file) || used.type != VALUE_BYTES || used.number < much || !openers ||
        snapshot_users(snapshot, object, EDGE_MAPPED) || !snapshot_saw_everybody(snapshot))
        return 0;
    struct finding *finding =
        finding_add(findings, &rule_unlinked, file ? CONFIDENCE_LIKELY : CONFIDENCE_HINT, object,
                    "%s of memory without a name that nobody maps: only descriptors of %zu %s keep it",
                    units_format_size(used.number, size), openers, units_processes(openers));
    if (!finding)
        return -ENOMEM;
    finding->confirm = "nobody means to map it again, or reads and writes it like a file";
    return 0;
}

static int find_unlinked(const struct evidence *evidence, struct findings *findings)
{
    return findings_each_object(evidence, findings, look);
}

const struct rule rule_unlinked = {
    .name = "unlinked",
    .singular = "unlinked memory still charged",
    .plural = "unlinked memories still charged",
    .needs = NEED_USERS | NEED_VERDICTS,
    .find = find_unlinked,
};
