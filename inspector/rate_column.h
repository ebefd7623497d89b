/*
 * rate_column.h - columns of how fast an object grows, for those who look more than once. They are chosen and
 * sorted by as other columns, but a snapshot alone has no value for them.
 */
#pragma once

#include "inspector/column.h"

struct rates;

/* All of them; ends with a NULL name. */
extern const struct column rate_columns[];

/* The one of that name, or NULL. */
const struct column *rate_column_find(const char *name, size_t length);

bool column_is_rate(const struct column *column);

/* The value of such a column. */
struct value rate_column_value(const struct column *column, const struct rates *rates);
