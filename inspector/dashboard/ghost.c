/* ghost.c - see ghost.h. */
#include "inspector/dashboard/ghost.h"

#include "common/cleanup.h"
#include "common/hash.h"
#include "inspector/dashboard/table.h"
#include "inspector/delta.h"

#include <errno.h>
#include <string.h>

enum { GHOSTS_MAX = 200 };

static void drop_old(ghost_list *ghosts, uint64_t now, uint64_t moment)
{
    size_t kept = 0;
    array_each(ghosts, ghost)
    {
        if (ghost->time + moment > now)
            ghosts->items[kept++] = *ghost;
        else
            free(ghost->label);
    }
    ghosts->count = kept;
}

void ghosts_update(ghost_list *ghosts, const struct delta *delta, uint64_t moment)
{
    drop_old(ghosts, delta->after->time, moment);
    for (size_t i = 0; i < delta->vanished_count && ghosts->count < GHOSTS_MAX; i++) {
        const struct object *object = delta->before->objects[delta->vanished[i]];
        AUTO_FREE char *label = object->hidden ? NULL : strdup(object->label);
        struct ghost *ghost = label ? array_push(ghosts) : NULL;
        if (ghost)
            *ghost = (struct ghost){.time = delta->after->time,
                                    .space = object->identity.space,
                                    .number = object->identity.number,
                                    .label = take_ptr(label)};
    }
}

static uint64_t high_of(const struct row *row, enum row_type type)
{
    return row->key[1] ^ (uint64_t)type << 60;
}

static int index_rows(const struct table *table, struct hash *ret_index)
{
    int r = 0;
    for (size_t i = 0; i < table->rows.count && r == 0; i++) {
        const struct row *row = &table->rows.items[i];
        r = hash_put(ret_index, high_of(row, row->type), row->key[2], (uint32_t)i);
    }
    return r;
}

/* A ghost counts as the object it was: that may be back, or another may have its place. */
static bool find_row(const struct hash *index, const struct row *was, uint32_t *ret_at)
{
    enum row_type type = was->type == ROW_GHOST ? ROW_OBJECT : was->type;
    return hash_get(index, high_of(was, type), was->key[2], ret_at);
}

static const struct ghost *find_ghost(const ghost_list *ghosts, const struct row *row)
{
    bool object = row->type == ROW_OBJECT || row->type == ROW_GHOST;
    array_each(ghosts, ghost)
    {
        if (object && ghost->space == row->key[1] && ghost->number == row->key[2])
            return ghost;
    }
    return NULL;
}

static int copy(row_list *to, const struct row *row)
{
    struct row *slot = array_push(to);
    if (slot)
        *slot = *row;
    return slot ? 0 : -ENOMEM;
}

static int copy_until(row_list *to, const struct table *table, size_t *next, size_t end)
{
    int r = 0;
    while (*next < end && r == 0)
        r = copy(to, &table->rows.items[(*next)++]);
    return r;
}

static int copy_ghost(row_list *to, const struct ghost *ghost, const struct row *was)
{
    struct row row = {
        .key = {ROW_GHOST, ghost->space, ghost->number},
        .thing = ghost,
        .type = ROW_GHOST,
        .depth = was->depth,
        .fold = was->fold ? FOLD_LEAF : FOLD_NONE
    };
    return copy(to, &row);
}

/*
 * Goes along the rows of before: those that still are pull the new ones along up to themselves. The line of a
 * kind stays with the ghost of its last object.
 */
static int merge(const ghost_list *ghosts, const struct table *table, const struct hash *index,
                 row_list *merged)
{
    const struct row *lost_kind = NULL;
    size_t next = 0;
    int r = 0;
    for (size_t i = 0; i < table->before.count && r == 0; i++) {
        const struct row *was = &table->before.items[i];
        const struct ghost *ghost = find_ghost(ghosts, was);
        uint32_t at;
        if (find_row(index, was, &at)) {
            r = copy_until(merged, table, &next, at + 1);
            lost_kind = NULL;
        } else if (was->type == ROW_KIND) {
            lost_kind = was;
        } else if (ghost) {
            r = lost_kind ? copy(merged, lost_kind) : 0;
            lost_kind = NULL;
            r = r == 0 ? copy_ghost(merged, ghost, was) : r;
        }
    }
    return r == 0 ? copy_until(merged, table, &next, table->rows.count) : r;
}

int ghosts_insert(const ghost_list *ghosts, struct table *table)
{
    row_list merged = {0};
    struct hash index = {0};
    if (!ghosts->count)
        return 0;
    int r = index_rows(table, &index);
    if (r == 0)
        r = merge(ghosts, table, &index, &merged);
    hash_free(&index);
    if (r == 0) {
        array_free(&table->rows);
        table->rows = merged;
    } else {
        array_free(&merged);
    }
    return r;
}

void ghosts_free(ghost_list *ghosts)
{
    array_each(ghosts, ghost) free(ghost->label);
    array_free(ghosts);
}
