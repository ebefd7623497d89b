/*
 * plot.h - the shmoo plot: a row for each site or setting, a column for each way to fail, and in each cell
 * the worst verdict of its trials.
 */
#pragma once

#include "common/array.h"
#include "inject/sweep/result.h"

struct plot_row {
    int32_t site;        /* or -1 */
    const char *setting; /* then not NULL */
};

struct plot_column {
    uint8_t mode;  /* MODE_once stands for MODE_on too */
    int32_t error; /* or 0 */
};

struct plot {
    ARRAY(struct plot_row) rows;       /* sites in their order, then settings */
    ARRAY(struct plot_column) columns; /* by mode, then by the name of the error */
    uint8_t *cells;                    /* by row and column: 0 when no trial, else verdict + 1 */
};

/* Only rows and columns in which a trial was run. Points into the result. Returns 0 or -ENOMEM. */
int plot_make(const struct sweep_result *result, struct plot *ret_plot);
void plot_free(struct plot *plot);

static inline uint8_t plot_cell(const struct plot *plot, size_t row, size_t column)
{
    return plot->cells[row * plot->columns.count + column];
}
