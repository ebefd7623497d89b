/*
 * rule_exposed.c - objects that every user of the machine may write to. Many programs mean it so: a hint. An
 * object without a name cannot be found by others, and a file in a subfolder is guarded by that.
 */
#include "common/array.h"
#include "inspector/finding.h"
#include "probes/kind.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

extern const struct rule rule_exposed;

enum { WRITABLE_BY_OTHERS = 0002 };

static const struct {
    const struct kind *kind;
    const char *danger;
} concerned[] = {
    {&kind_sysv_shm,  "change its contents"              },
    {&kind_sysv_sem,  "take and give its semaphores"     },
    {&kind_sysv_msg,  "send to it"                       },
    {&kind_posix_shm, "change its contents, or its size" },
    {&kind_posix_sem, "take and give it, or overwrite it"},
    {&kind_posix_mq,  "send to it"                       },
};

static bool is_reachable(const struct object *object)
{
    struct value name = object->fields[FIELD_NAME];
    bool below = name.type == VALUE_STRING && name.length && memchr(name.string + 1, '/', name.length - 1);
    return !below && !object_says(object, FIELD_STATE, "deleted") &&
           !object_says(object, FIELD_STATE, "removed");
}

static int look(const struct snapshot *snapshot, const struct object *object, struct findings *findings)
{
    struct value mode = object->fields[FIELD_MODE];
    (void)snapshot;
    if (mode.type != VALUE_MODE || !(mode.number & WRITABLE_BY_OTHERS) || !is_reachable(object))
        return 0;
    for (size_t i = 0; i < COUNT_OF(concerned); i++) {
        if (concerned[i].kind != object->kind)
            continue;
        struct finding *finding =
            finding_add(findings, &rule_exposed, CONFIDENCE_HINT, object,
                        "every user may %s (mode %04" PRIo64 ")", concerned[i].danger, mode.number);
        if (!finding)
            return -ENOMEM;
        finding->confirm = "not every user of this machine is trusted with it";
    }
    return 0;
}

static int find_exposed(const struct evidence *evidence, struct findings *findings)
{
    return findings_each_object(evidence, findings, look);
}

const struct rule rule_exposed = {
    .name = "exposed",
    .singular = "world-writable",
    .plural = "world-writable",
    .find = find_exposed,
};
