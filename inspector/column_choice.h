/* column_choice.h - which columns a command shows: its defaults and what `-o` says. */
#pragma once

#include "inspector/column.h"

#include <stdint.h>

enum { COLUMNS_MAX = 128 };

struct column_choice {
    const struct column *items[COLUMNS_MAX];
    size_t count;
    bool chosen; /* by the user, not by default */
};

/*
 * The default columns of a table for a set of kinds (KIND_BIT()s), then `option`: NULL, "COLUMN,..." instead
 * of the defaults or "+COLUMN,..." after them. Returns 0, or STATUS_FAILED after saying what is wrong.
 */
int columns_choose(struct column_choice *choice, uint64_t kinds, const char *option);

/* Adds a column that is not among them yet. */
void columns_add(struct column_choice *choice, const struct column *column);

/* NEED_ bits of all chosen columns. */
unsigned columns_needs(const struct column_choice *choice);
