/*
 * column.h - the columns of an object: what `-o`, `--sort` and `--filter` can name, and the members of JSON.
 * The table is columns.def.
 */
#pragma once

#include "probes/object.h"
#include "probes/value.h"

#include <stdbool.h>
#include <stddef.h>

struct snapshot;
struct strbuf;

struct column {
    const char *name; /* option argument, filter word and JSON member; its header is made from it */
    const char *help;
    enum value_type type;
    bool derived;     /* other members of JSON say it already */
    unsigned needs;   /* of a computed one; see column_needs() */
    enum field field; /* of any other */
    struct value (*get)(const struct column *column, const struct snapshot *snapshot,
                        const struct object *object, struct strbuf *scratch);
};

/* All columns in the order of columns.def; ends with a NULL name. */
extern const struct column columns[];

/* NEED_ bits that must be collected for it. */
unsigned column_needs(const struct column *column);

/* The value of an object in a column. A string lasts until `scratch` is used again or the snapshot freed. */
struct value column_value(const struct column *column, const struct snapshot *snapshot,
                          const struct object *object, struct strbuf *scratch);

/* The column of that name, in either case, '-' or '_' alike; NULL when there is none. */
const struct column *column_find(const char *name, size_t length);

/* The column name nearest to a wrong one, or NULL when none is near. */
const char *column_suggest(const char *name, size_t length);

/* Appends "CPID-STATE" for "cpid_state". */
void column_header(struct strbuf *buffer, const struct column *column);

/* Prints the table of columns for the help of a command. */
void columns_print_help(void);
