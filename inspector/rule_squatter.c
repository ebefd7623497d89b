/*
 * rule_squatter.c - files in /dev/shm that stand where another user's program expects its own: whoever made
 * the file decides what is in it. Three sorts of evidence count: a name that says whose file it is, as the
 * uid is part of it; a file that only others use, not its owner; and a name that only one program uses, which
 * somebody else runs right now. Root may do all that.
 */
#include "common/array.h"
#include "common/scan.h"
#include "inspector/finding.h"
#include "probes/collect.h"
#include "probes/kind.h"

#include <errno.h>
#include <string.h>

extern const struct rule rule_squatter;

/* Names with the uid of the user they are for between two fixed parts. */
static const struct {
    const char *before, *after, *program;
} personal[] = {
    {"/libpod_rootless_lock_", "",          "Podman"},
    {"/jack_sem.",             "_",         "JACK"  },
    {"/u",                     "-Shm_",     "Steam" },
    {"/u",                     "-ValveIPC", "Steam" },
};

/* Names of programs that share with processes of the same user only. */
static const struct {
    const char *prefix, *program;
} private_to_user[] = {
    {"/PostgreSQL.", "PostgreSQL"},
    {"/pulse-shm-",  "PulseAudio"},
};

enum { ROOT = 0, OVERFLOW_UID = 65534 /* who has no number in this user namespace */ };

static bool starts_with(const struct object *object, const char *prefix)
{
    struct value name = object->fields[FIELD_NAME];
    size_t length = strlen(prefix);
    return name.type == VALUE_STRING && name.length >= length && memcmp(name.string, prefix, length) == 0;
}

/* Files that stand in everybody's folder under a name; uids in a container are others. */
static bool may_be_squatted(const struct object *object)
{
    struct value owner = object->fields[FIELD_OWNER];
    return (object->kind == &kind_posix_shm || object->kind == &kind_posix_sem) &&
           object_says(object, FIELD_STATE, "live") && owner.type == VALUE_USER && owner.number != ROOT &&
           owner.number != OVERFLOW_UID && !value_known(object->fields[FIELD_CONTAINER]);
}

static uid_t owner_of(const struct object *object)
{
    return (uid_t)object->fields[FIELD_OWNER].number;
}

/* The program whose name this is and the user it is for; NULL when the name is none of those. */
static const char *meant_for(const struct object *object, uint64_t *ret_uid)
{
    struct value name = object->fields[FIELD_NAME];
    for (size_t i = 0; i < COUNT_OF(personal); i++) {
        struct scan scan = scan_bytes(name.string, name.length);
        if (scan_literal(&scan, personal[i].before) && scan_decimal(&scan, ret_uid) &&
            scan_literal(&scan, personal[i].after))
            return personal[i].program;
    }
    return NULL;
}

/* The one user whose processes use the object, when that is neither its owner nor root. */
static bool used_by_another(const struct snapshot *snapshot, const struct object *object, uid_t *ret_uid)
{
    size_t count;
    const struct edge *edges = snapshot_edges(snapshot, object, &count);
    for (size_t i = 0; i < count; i++) {
        uid_t uid = snapshot->processes[edges[i].process].uid;
        if (uid == owner_of(object) || uid == ROOT || uid == OVERFLOW_UID)
            return false;
        *ret_uid = uid;
    }
    return count > 0;
}

/* Whether a program has files of that prefix, and only ones that belong to the user it runs as. */
static bool run_by_another(const struct snapshot *snapshot, const struct object *object, const char *prefix,
                           uid_t *ret_uid)
{
    bool found = false;
    for (size_t i = 0; i < snapshot->object_count; i++) {
        const struct object *other = snapshot->objects[i];
        if (other->kind != object->kind || !starts_with(other, prefix) ||
            !snapshot_users(snapshot, other, EDGE_ROLE_COUNT))
            continue;
        if (owner_of(other) == owner_of(object))
            return false;
        *ret_uid = owner_of(other);
        found = true;
    }
    return found;
}

static int finish(struct finding *finding)
{
    if (!finding)
        return -ENOMEM;
    finding->confirm = "its owner does not serve that user";
    return 0;
}

/* Which program shares under such names within one user only, or -1. */
static int private_name(const struct object *object)
{
    for (size_t i = 0; i < COUNT_OF(private_to_user); i++)
        if (starts_with(object, private_to_user[i].prefix))
            return (int)i;
    return -1;
}

static int look_at_users(const struct snapshot *snapshot, const struct object *object,
                         struct findings *findings)
{
    uid_t user = 0;
    int known = private_name(object);
    if (used_by_another(snapshot, object, &user))
        return finish(finding_add(findings, &rule_squatter, known < 0 ? CONFIDENCE_HINT : CONFIDENCE_LIKELY,
                                  object, "belongs to user %u, who does not use it, but user %u does",
                                  owner_of(object), user));
    if (known >= 0 && !snapshot_users(snapshot, object, EDGE_ROLE_COUNT) &&
        run_by_another(snapshot, object, private_to_user[known].prefix, &user))
        return finish(finding_add(findings, &rule_squatter, CONFIDENCE_HINT, object,
                                  "belongs to user %u, but %s, which calls its files so, is run by user %u",
                                  owner_of(object), private_to_user[known].program, user));
    return 0;
}

static int look(const struct snapshot *snapshot, const struct object *object, struct findings *findings)
{
    uint64_t user;
    if (!may_be_squatted(object))
        return 0;
    const char *program = meant_for(object, &user);
    if (!program || user == owner_of(object))
        return look_at_users(snapshot, object, findings);
    return finish(finding_add(findings, &rule_squatter, CONFIDENCE_LIKELY, object,
                              "belongs to user %u, but its name is the one that %s gives files of user %u",
                              owner_of(object), program, (uid_t)user));
}

static int find_squatters(const struct evidence *evidence, struct findings *findings)
{
    return findings_each_object(evidence, findings, look);
}

const struct rule rule_squatter = {
    .name = "squatter",
    .singular = "squatted name",
    .plural = "squatted names",
    .needs = NEED_USERS | NEED_VERDICTS,
    .find = find_squatters,
};
