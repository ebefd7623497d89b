/*
 * rule_stale_semaphore.c - what an interrupted sem_open(3) leaves. glibc makes the semaphore under a name of
 * mktemp(3), sem.XXXXXX, links it to its own name and unlinks the first one; who is killed meanwhile leaves
 * the file before it was filled, after, or a second name of a good semaphore. Programs call semaphores so
 * too, hence each case has evidence of its own.
 */
#include "inspector/finding.h"
#include "probes/collect.h"
#include "probes/kind.h"

#include <ctype.h>
#include <errno.h>

extern const struct rule rule_stale_semaphore;

enum { TEMPLATE_LETTERS = 6 };

/* What sem_open() takes a moment for may be going on right now. */
static const uint64_t moment = UINT64_C(1000000000);

/* "/XXXXXX" of letters and digits; `mixed` when a person would hardly write it so. */
static bool is_template(struct value name, bool *ret_mixed)
{
    bool upper = false, other = false;
    if (name.type != VALUE_STRING || name.length != TEMPLATE_LETTERS + 1)
        return false;
    for (size_t i = 1; i < name.length; i++) {
        unsigned char letter = (unsigned char)name.string[i];
        if (!isalnum(letter) || letter > 0x7f)
            return false;
        upper |= i > 1 && isupper(letter);
        other |= !isupper(letter);
    }
    *ret_mixed = upper && other;
    return true;
}

static bool is_old(const struct snapshot *snapshot, const struct object *object)
{
    struct value changed = object->fields[FIELD_CTIME];
    return changed.type == VALUE_TIME && changed.number + moment < snapshot->time;
}

/* Another name of the same file, which is the semaphore's own. */
static const struct object *other_name(const struct snapshot *snapshot, const struct object *object)
{
    for (size_t i = 0; i < snapshot->object_count; i++) {
        const struct object *other = snapshot->objects[i];
        if (other != object && other->kind == object->kind &&
            other->identity.space == object->identity.space &&
            other->identity.number == object->identity.number)
            return other;
    }
    return NULL;
}

static int add_second_name(const struct object *object, const struct object *own, struct findings *findings)
{
    return finding_add(findings, &rule_stale_semaphore, CONFIDENCE_LIKELY, object,
                       "a second, temporary name of %s, which an interrupted sem_open() left", own->label)
               ? 0
               : -ENOMEM;
}

static int add_unused(const struct object *object, enum confidence confidence, const char *what,
                      struct findings *findings)
{
    struct finding *finding = finding_add(findings, &rule_stale_semaphore, confidence, object, "%s", what);
    if (!finding)
        return -ENOMEM;
    finding->confirm = "no program calls a semaphore so";
    return 0;
}

static int look(const struct snapshot *snapshot, const struct object *object, struct findings *findings)
{
    bool mixed, other_mixed;
    if (object->kind != &kind_posix_sem || !is_template(object->fields[FIELD_NAME], &mixed) ||
        !object_says(object, FIELD_STATE, "live") || !is_old(snapshot, object))
        return 0;
    const struct object *other = other_name(snapshot, object);
    if (other && !is_template(other->fields[FIELD_NAME], &other_mixed))
        return add_second_name(object, other, findings);
    if (other || snapshot_users(snapshot, object, EDGE_ROLE_COUNT))
        return 0;
    if (object_says(object, FIELD_TYPE, "unrecognised"))
        return add_unused(object, snapshot_saw_everybody(snapshot) ? CONFIDENCE_LIKELY : CONFIDENCE_HINT,
                          "a temporary name and not the contents of a semaphore: an interrupted sem_open() "
                          "left it, and nobody can open it",
                          findings);
    return mixed ? add_unused(object, CONFIDENCE_HINT,
                              "a temporary name, such as an interrupted sem_open() leaves, and no user",
                              findings)
                 : 0;
}

static int find_stale(const struct evidence *evidence, struct findings *findings)
{
    return findings_each_object(evidence, findings, look);
}

const struct rule rule_stale_semaphore = {
    .name = "stale-semaphore",
    .singular = "stale temporary semaphore",
    .plural = "stale temporary semaphores",
    .needs = NEED_USERS | NEED_VERDICTS,
    .find = find_stale,
};
