/*
 * source_sysvipc.h - the rows of /proc/sysvipc, which any user may read, turned into objects by a table of
 * columns. shmctl() and its likes are not needed for them and would be refused where the mode denies reading.
 */
#pragma once

#include "probes/collection.h"

enum { SYSV_COLUMNS = 16 };

struct sysv_column {
    enum field field;
    uint8_t form; /* enum sysv_form */
};

enum sysv_form { SYSV_SKIP, SYSV_NUMBER, SYSV_SECONDS };

struct sysv_table {
    const char *path;
    enum space space;
    struct sysv_column columns[SYSV_COLUMNS]; /* in the order of the file; the first two are key and id */
    uint8_t time_column;                      /* where the ctime is */
};

/* Finishes an object with what the columns alone do not say; `numbers` are those of its row. */
typedef void sysv_row_fn(struct collection *collection, struct object *object, const int64_t *numbers);

/* Adds every row of every ipc namespace looked at. `row` may be NULL. */
int sysv_enumerate(struct collection *collection, const struct kind *kind, const struct sysv_table *table,
                   sysv_row_fn *row);

/* The object of that id in the ipc namespace of the holder, or NULL. */
struct object *sysv_find(struct collection *collection, enum space space, const struct holder *holder,
                         uint64_t id);
