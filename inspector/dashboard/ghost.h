/*
 * ghost.h - objects that are gone, shown a moment longer where they were, so that one sees what vanished.
 */
#pragma once

#include "common/array.h"

#include <stdint.h>

struct delta;
struct table;

struct ghost {
    uint64_t time;          /* it vanished */
    uint64_t space, number; /* of its identity */
    char *label;
};

typedef ARRAY(struct ghost) ghost_list;

/* Adds what vanished, and drops what has been shown for `moment` nanoseconds. What does not fit is not shown.
 */
void ghosts_update(ghost_list *ghosts, const struct delta *delta, uint64_t moment);

/*
 * Puts rows of ghosts into a table, behind the row they were behind in the table's rows of before. Those that
 * were not shown before do not appear. Returns 0 or -ENOMEM.
 */
int ghosts_insert(const ghost_list *ghosts, struct table *table);

void ghosts_free(ghost_list *ghosts);
