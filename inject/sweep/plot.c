/* plot.c - see plot.h. */
#include "inject/sweep/plot.h"

#include "common/cleanup.h"
#include "common/hash.h"
#include "inject/names.h"

#include <errno.h>
#include <string.h>

/* Where each site, setting and column is found again. */
struct places {
    struct hash rows, columns;
};

static void free_places(struct places *places)
{
    hash_free(&places->rows);
    hash_free(&places->columns);
}

static uint64_t row_key(const struct trial *trial)
{
    return trial->site >= 0 ? (uint64_t)trial->site : hash_bytes(trial->setting, strlen(trial->setting));
}

/* A place that cannot bear an error once seldom bears it twice: one column is enough to look at. */
static uint8_t column_mode(const struct trial *trial)
{
    return trial->mode == MODE_on ? MODE_once : trial->mode;
}

static int add_row(struct plot *plot, struct places *places, const struct trial *trial)
{
    uint32_t known;
    if (hash_get(&places->rows, trial->site < 0, row_key(trial), &known))
        return 0;
    struct plot_row *row = array_push(&plot->rows);
    if (!row)
        return -ENOMEM;
    *row = (struct plot_row){.site = trial->site, .setting = trial->setting};
    return hash_put(&places->rows, trial->site < 0, row_key(trial), 0);
}

static int add_column(struct plot *plot, struct places *places, const struct trial *trial)
{
    uint32_t known;
    if (hash_get(&places->columns, column_mode(trial), (uint64_t)trial->error, &known))
        return 0;
    struct plot_column *column = array_push(&plot->columns);
    if (!column)
        return -ENOMEM;
    *column = (struct plot_column){.mode = column_mode(trial), .error = trial->error};
    return hash_put(&places->columns, column_mode(trial), (uint64_t)trial->error, 0);
}

static int compare_rows(const void *one, const void *other)
{
    const struct plot_row *a = one;
    const struct plot_row *b = other;
    if ((a->site < 0) != (b->site < 0))
        return a->site < 0 ? 1 : -1;
    return a->site < 0 ? strcmp(a->setting, b->setting) : a->site < b->site ? -1 : a->site > b->site;
}

static int compare_columns(const void *one, const void *other)
{
    const struct plot_column *a = one;
    const struct plot_column *b = other;
    return a->mode != b->mode ? a->mode - b->mode : strcmp(names_error(a->error), names_error(b->error));
}

/* Sorted now, so their places are known. */
static int number(const struct plot *plot, struct places *places)
{
    int r = 0;
    for (uint32_t index = 0; r == 0 && index < plot->rows.count; index++) {
        const struct plot_row *row = &plot->rows.items[index];
        struct trial trial = {.site = row->site, .setting = row->setting};
        r = hash_put(&places->rows, row->site < 0, row_key(&trial), index);
    }
    for (uint32_t index = 0; r == 0 && index < plot->columns.count; index++) {
        const struct plot_column *column = &plot->columns.items[index];
        r = hash_put(&places->columns, column->mode, (uint64_t)column->error, index);
    }
    return r;
}

static void fill(struct plot *plot, const struct places *places, const struct outcome *outcome)
{
    const struct trial *trial = &outcome->trial;
    uint32_t row = 0, column = 0;
    hash_get(&places->rows, trial->site < 0, row_key(trial), &row);
    hash_get(&places->columns, column_mode(trial), (uint64_t)trial->error, &column);
    uint8_t *cell = &plot->cells[row * plot->columns.count + column];
    if (outcome->verdict + 1 > *cell)
        *cell = (uint8_t)(outcome->verdict + 1);
}

static int make(const struct sweep_result *result, struct plot *plot)
{
    CLEANUP(free_places) struct places places = {0};
    int r = 0;
    array_each(&result->outcomes, outcome)
    {
        r = add_row(plot, &places, &outcome->trial);
        if (r == 0)
            r = add_column(plot, &places, &outcome->trial);
        if (r < 0)
            return r;
    }
    if (!result->outcomes.count)
        return 0;
    qsort(plot->rows.items, plot->rows.count, sizeof(*plot->rows.items), compare_rows);
    qsort(plot->columns.items, plot->columns.count, sizeof(*plot->columns.items), compare_columns);
    plot->cells = calloc(plot->rows.count * plot->columns.count, sizeof(*plot->cells));
    r = plot->cells ? number(plot, &places) : -ENOMEM;
    if (r < 0)
        return r;
    array_each(&result->outcomes, outcome) fill(plot, &places, outcome);
    return 0;
}

int plot_make(const struct sweep_result *result, struct plot *ret_plot)
{
    struct plot plot = {0};
    int r = make(result, &plot);
    if (r < 0)
        plot_free(&plot);
    else
        *ret_plot = plot;
    return r;
}

void plot_free(struct plot *plot)
{
    array_free(&plot->rows);
    array_free(&plot->columns);
    free(plot->cells);
    plot->cells = NULL;
}
