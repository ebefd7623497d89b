/*
 * renderer.h - the descriptor of a form of output for lists of objects. A renderer sees a snapshot and knows
 * no kernel.
 */
#pragma once

#include "inspector/column_choice.h"
#include "inspector/value_format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct findings;
struct rates;
struct snapshot;

/* What is to be shown. */
struct listing {
    const struct snapshot *snapshot;
    const struct object *const *objects; /* in the order to be shown */
    size_t count;
    const struct column_choice *columns;
    const struct rates *rates; /* per object of the snapshot, for columns of rate_column.h; or NULL */
    struct value_style style;
    bool headings;
    const struct findings
        *findings; /* of the snapshot, told by JSON where they concern its objects; or NULL */
};

struct renderer {
    const char *name;
    bool states_coverage; /* in its output; otherwise the caller says it on stderr */
    int (*render)(const struct listing *listing, FILE *out); /* 0 or -errno */
};

extern const struct renderer render_table, render_raw, render_json;
