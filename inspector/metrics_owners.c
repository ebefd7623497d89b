/* metrics_owners.c - see metrics_owners.h. */
#include "inspector/metrics_owners.h"

#include "inspector/ids.h"
#include "probes/limits.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <string.h>

static int compare_uids(const void *left, const void *right)
{
    uid_t a = *(const uid_t *)left, b = *(const uid_t *)right;
    return a < b ? -1 : a > b;
}

/* Neighbours have the same owner more often than not. */
static int add(struct metrics_owners *owners, struct value user)
{
    size_t count = owners->uids.count;
    if (user.type != VALUE_USER || (count && owners->uids.items[count - 1] == user.number))
        return 0;
    uid_t *uid = array_push(&owners->uids);
    if (!uid)
        return -ENOMEM;
    *uid = (uid_t)user.number;
    return 0;
}

static void sort_and_cut(struct metrics_owners *owners)
{
    uid_t *uids = owners->uids.items;
    size_t kept = 0;
    if (!owners->uids.count)
        return;
    qsort(uids, owners->uids.count, sizeof(*uids), compare_uids);
    for (size_t i = 0; i < owners->uids.count && kept < OWNERS_MAX; i++)
        if (!kept || uids[kept - 1] != uids[i])
            uids[kept++] = uids[i];
    owners->uids.count = kept;
}

int metrics_owners_find(const struct snapshot *snapshot, const struct limits *limits,
                        struct metrics_owners *ret_owners)
{
    struct metrics_owners owners = {0};
    int r = 0;
    for (size_t i = 0; i < snapshot->object_count && r == 0; i++)
        if (!snapshot->objects[i]->hidden)
            r = add(&owners, snapshot->objects[i]->fields[FIELD_OWNER]);
    for (size_t i = 0; limits && i < limits->count && r == 0; i++)
        r = add(&owners, limits->items[i].user);
    if (r < 0) {
        metrics_owners_free(&owners);
        return r;
    }
    sort_and_cut(&owners);
    *ret_owners = owners;
    return 0;
}

size_t metrics_owner_slot(const struct metrics_owners *owners, struct value user)
{
    if (user.type != VALUE_USER)
        return OWNER_NONE;
    uid_t uid = (uid_t)user.number;
    const uid_t *found =
        owners->uids.count ? bsearch(&uid, owners->uids.items, owners->uids.count, sizeof(uid), compare_uids)
                           : NULL;
    return found ? OWNER_FIRST + (size_t)(found - owners->uids.items) : OWNER_OTHER;
}

size_t metrics_owners_slots(const struct metrics_owners *owners)
{
    return OWNER_FIRST + owners->uids.count;
}

struct value metrics_owner_uid(const struct metrics_owners *owners, size_t slot)
{
    if (slot == OWNER_NONE)
        return (struct value){0};
    return slot == OWNER_OTHER ? value_word("other")
                               : value_of(VALUE_NUMBER, owners->uids.items[slot - OWNER_FIRST]);
}

struct value metrics_owner_name(const struct metrics_owners *owners, size_t slot)
{
    const char *name = slot >= OWNER_FIRST ? user_name(owners->uids.items[slot - OWNER_FIRST]) : NULL;
    return name ? value_string(name, strlen(name)) : metrics_owner_uid(owners, slot);
}

void metrics_owners_free(struct metrics_owners *owners)
{
    array_free(&owners->uids);
}
