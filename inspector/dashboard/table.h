/*
 * table.h - a list of rows under headings: what every screen of the dashboard is. It keeps the selection on
 * the same thing when rows come and go, sorts, scrolls, and fits its columns into the width there is.
 */
#pragma once

#include "common/array.h"
#include "inspector/dashboard/style.h"
#include "probes/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dashboard;
struct object;
struct process;
struct strbuf;
struct table;

enum { TABLE_COLUMNS_MAX = 64 };

enum row_type { ROW_OBJECT, ROW_KIND, ROW_PROCESS, ROW_GHOST, ROW_WAIT, ROW_LIMIT, ROW_EVENT, ROW_FAULT };

/* What can be said of a row in a tree: that it is in none, has nothing below it, or has, shown or not. */
enum fold { FOLD_NONE, FOLD_LEAF, FOLD_SHUT, FOLD_OPEN };

struct row {
    uint64_t key[3];    /* what it is, the same in every snapshot */
    const void *thing;  /* by type: the object, kind, process, ghost, wait, limit, event or rule */
    const void *parent; /* in a tree: the object a process is shown under */
    uint8_t type;       /* enum row_type */
    uint8_t depth;      /* in a tree */
    uint8_t fold;       /* enum fold */
};

typedef ARRAY(struct row) row_list;

struct heading {
    const char *name; /* also what the sort menu calls it */
    enum value_type type;
    const void *column; /* for the screen */
    /* Appends how a value looks in that row; NULL: as values of its type do. */
    void (*format)(const void *thing, struct value value, struct strbuf *text);
};

struct fixed_column;

/* What a table shows; each is one file, screen_*.c. */
struct screen {
    const char *name;
    const char *empty;                  /* said when there are no rows */
    unsigned needs;                     /* NEED_ bits to be collected while it is shown */
    const struct fixed_column *columns; /* where they are always the same, see fixed_column.h */
    size_t column_count;
    void (*headings)(const struct dashboard *dashboard, struct table *table);
    int (*rows)(const struct dashboard *dashboard, struct table *table); /* adds them all: 0 or -ENOMEM */
    struct value (*cell)(const struct dashboard *dashboard, const struct row *row,
                         const struct heading *heading, struct strbuf *scratch);
    enum style (*style)(const struct dashboard *dashboard, const struct row *row,
                        const struct heading *heading);
};

struct table {
    const struct screen *screen;
    struct heading headings[TABLE_COLUMNS_MAX];
    size_t heading_count;
    int widths[TABLE_COLUMNS_MAX]; /* they grow with what is shown, and do not shrink: columns stand still */
    char sort[32];                 /* name of a heading; "": as the screen orders them */
    bool descending;
    row_list rows;
    row_list before; /* the rows of the update before: their things may be gone, their keys are not */
    size_t selected, top;
    uint64_t selected_key[3];
    bool has_selected;
    int y, height, x, width; /* where the rows were drawn last, for the mouse */
};

/* Makes the rows anew and finds the selected one among them. Returns 0 or -ENOMEM. */
int table_update(const struct dashboard *dashboard, struct table *table);

/* Sorts the rows from `first` on by the chosen heading; equal rows stay in their order. Returns 0 or -ENOMEM.
 */
int table_sort(const struct dashboard *dashboard, struct table *table, size_t first);

/* Sorts by the heading of that name from the next update on; NULL: not at all. */
void table_sort_by(struct table *table, const char *name);

/* The same when somebody asks for it: of a quantity, the most comes first. */
void table_sort_by_heading(struct table *table, const struct heading *heading);

/* Whether it is sorted by that heading. */
bool table_is_sorted_by(const struct table *table, const char *name);

/* Adds a row; NULL when memory is out. */
struct row *table_add(struct table *table, enum row_type type, const void *thing, uint64_t high,
                      uint64_t low);

/* The selected row, or NULL when there are none. */
const struct row *table_selected(const struct table *table);

/* Selects by position, clipped to what there is. */
void table_select(struct table *table, long position);

/* Draws headings and rows into that part of the screen. */
void table_draw(const struct dashboard *dashboard, struct table *table, int y, int x, int height, int width);

/* The text of a cell, harmless for a terminal; nothing where the column does not apply. */
void table_cell_text(const struct dashboard *dashboard, const struct table *table, const struct row *row,
                     const struct heading *heading, struct strbuf *ret_text);

/* The row that was drawn at a line, or -1; the heading that was drawn at a column, or NULL. */
long table_row_at(const struct table *table, int y);
const struct heading *table_heading_at(const struct table *table, int x);

/* Whether the mark that folds a row was drawn at a column. */
bool table_fold_at(const struct table *table, long row, int x);

/* The object or the process a row is about, or NULL. */
const struct object *row_object(const struct dashboard *dashboard, const struct row *row);
const struct process *row_process(const struct dashboard *dashboard, const struct row *row);

void table_free(struct table *table);
