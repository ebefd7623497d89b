/* leaks_wants.c - which objects the options of `shmoo leaks` ask for. */
#include "inspector/leaks.h"
#include "probes/snapshot.h"

static uint64_t age_of(const struct snapshot *snapshot, const struct object *object)
{
    struct value made = object->fields[FIELD_BTIME];
    if (made.type != VALUE_TIME)
        made = object->fields[FIELD_CTIME];
    return made.type == VALUE_TIME && made.number < snapshot->time ? snapshot->time - made.number : 0;
}

bool leaks_wants(const struct leaks *leaks, const struct snapshot *snapshot, const struct object *object)
{
    struct value owner = object->fields[FIELD_OWNER];
    return !allowed_has(&leaks->allowed, object) &&
           (!leaks->names.count || allowed_has(&leaks->names, object)) &&
           (!leaks->by_user || (owner.type == VALUE_USER && owner.number == leaks->user)) &&
           age_of(snapshot, object) >= leaks->older;
}
