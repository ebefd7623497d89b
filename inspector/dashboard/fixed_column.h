/*
 * fixed_column.h - columns of screens that always have the same: a table of them in the screen's file, and
 * what struct screen wants to know is found there.
 */
#pragma once

#include "inspector/dashboard/table.h"

struct model;

struct fixed_column {
    const char *name;
    enum value_type type;
    /* What is in it for the thing of a row; a string lasts as long as `scratch`. */
    struct value (*get)(const struct model *model, const void *thing, struct strbuf *scratch);
    enum style style; /* of all its cells, or */
    enum style (*style_of)(const struct model *model, const void *thing);
    bool dims_zero; /* a number that is nothing is not worth a look */
    void (*format)(const void *thing, struct value value, struct strbuf *text); /* see struct heading */
};

/* The beginning of a function that gives a value or a style, which seldom uses all of its parameters. */
#define FIXED_VALUE(name)                                                                          \
    static struct value name(const struct model *model __attribute__((unused)), const void *thing, \
                             struct strbuf *scratch __attribute__((unused)))
#define FIXED_STYLE(name) \
    static enum style name(const struct model *model __attribute__((unused)), const void *thing)

void fixed_headings(const struct dashboard *dashboard, struct table *table);
struct value fixed_cell(const struct dashboard *dashboard, const struct row *row,
                        const struct heading *heading, struct strbuf *scratch);
enum style fixed_style(const struct dashboard *dashboard, const struct row *row,
                       const struct heading *heading);

/* The members of a struct screen that has such a table. */
#define FIXED_COLUMNS(table)                                                                             \
    .columns = (table), .column_count = COUNT_OF(table), .headings = fixed_headings, .cell = fixed_cell, \
    .style = fixed_style
