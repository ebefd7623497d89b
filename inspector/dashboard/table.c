/* table.c - rows of a table: making, sorting, selecting. Drawing is in table_draw.c. */
#include "inspector/dashboard/table.h"

#include "common/arena.h"
#include "common/cleanup.h"
#include "common/strbuf.h"
#include "inspector/dashboard/dashboard.h"

#include <errno.h>
#include <string.h>

struct row *table_add(struct table *table, enum row_type type, const void *thing, uint64_t high, uint64_t low)
{
    struct row *row = array_push(&table->rows);
    if (row)
        *row = (struct row){
            .key = {(uint64_t)type, high, low},
              .thing = thing, .type = (uint8_t)type
        };
    return row;
}

static bool same_key(const uint64_t *a, const uint64_t *b)
{
    return a[0] == b[0] && a[1] == b[1] && a[2] == b[2];
}

/* The selected row is found by what it is; when that is gone, the selection stays where it was on the screen.
 */
static void keep_selection(struct table *table)
{
    for (size_t i = 0; table->has_selected && i < table->rows.count; i++) {
        if (!same_key(table->rows.items[i].key, table->selected_key))
            continue;
        long shift = (long)i - (long)table->selected;
        table->top = shift < 0 && (size_t)-shift > table->top ? 0 : (size_t)((long)table->top + shift);
        table->selected = i;
        return;
    }
    table_select(table, (long)table->selected);
}

int table_update(const struct dashboard *dashboard, struct table *table)
{
    row_list before = table->before;
    table->before = table->rows;
    table->rows = before;
    table->rows.count = 0;
    table->heading_count = 0;
    table->screen->headings(dashboard, table);
    int r = dashboard->model.snapshot ? table->screen->rows(dashboard, table) : 0;
    keep_selection(table);
    return r;
}

const struct row *table_selected(const struct table *table)
{
    return table->selected < table->rows.count ? &table->rows.items[table->selected] : NULL;
}

void table_select(struct table *table, long position)
{
    long last = (long)table->rows.count - 1;
    position = position > last ? last : position;
    table->selected = position < 0 ? 0 : (size_t)position;
    const struct row *row = table_selected(table);
    table->has_selected = row;
    if (row)
        memcpy(table->selected_key, row->key, sizeof(row->key));
}

/* --- sorting --- */

void table_sort_by(struct table *table, const char *name)
{
    snprintf(table->sort, sizeof(table->sort), "%s", name ? name : "");
}

static bool is_quantity(enum value_type type)
{
    return type == VALUE_NUMBER || type == VALUE_BYTES || type == VALUE_TIME || type == VALUE_DURATION ||
           type == VALUE_PERCENT || type == VALUE_RATE || type == VALUE_BYTE_RATE;
}

void table_sort_by_heading(struct table *table, const struct heading *heading)
{
    table_sort_by(table, heading->name);
    table->descending = is_quantity(heading->type);
}

bool table_is_sorted_by(const struct table *table, const char *name)
{
    return *name && strcmp(table->sort, name) == 0;
}

struct sort_key {
    struct row row;
    struct value value;
    size_t position;
};

/* What is not known comes first. */
static int compare_values(struct value a, struct value b)
{
    if (value_known(a) != value_known(b))
        return value_known(a) ? 1 : -1;
    if (!value_known(a))
        return 0;
    if (value_is_signed(a))
        return a.change < b.change ? -1 : a.change > b.change;
    bool text = a.type == VALUE_STRING || a.type == VALUE_WORD;
    if (!text)
        return a.number < b.number ? -1 : a.number > b.number;
    if (b.type != VALUE_STRING && b.type != VALUE_WORD)
        return 1;
    return strverscmp(a.string, b.string);
}

static int compare_keys(const void *left, const void *right)
{
    const struct sort_key *a = left, *b = right;
    int order = compare_values(a->value, b->value);
    return order ? order : a->position < b->position ? -1 : 1;
}

static int compare_keys_down(const void *left, const void *right)
{
    const struct sort_key *a = left, *b = right;
    int order = compare_values(b->value, a->value);
    return order ? order : a->position < b->position ? -1 : 1;
}

static const struct heading *sorted_heading(const struct table *table)
{
    for (size_t i = 0; i < table->heading_count; i++)
        if (table_is_sorted_by(table, table->headings[i].name))
            return &table->headings[i];
    return NULL;
}

/* A string value lasts only until the next one is made. */
static bool keep_text(struct arena *arena, struct value *value)
{
    if (value->type == VALUE_STRING)
        value->string = arena_copy(arena, value->string, value->length);
    return value->type != VALUE_STRING || value->string;
}

int table_sort(const struct dashboard *dashboard, struct table *table, size_t first)
{
    const struct heading *heading = sorted_heading(table);
    size_t count = table->rows.count - first;
    if (!heading || count < 2)
        return 0;
    AUTO_FREE struct sort_key *keys = calloc(count, sizeof(*keys));
    AUTO_STRBUF struct strbuf scratch = {0};
    struct arena arena = {0};
    bool complete = keys;
    for (size_t i = 0; i < count && complete; i++) {
        const struct row *row = &table->rows.items[first + i];
        strbuf_clear(&scratch);
        keys[i] = (struct sort_key){.row = *row, .position = i};
        keys[i].value = table->screen->cell(dashboard, row, heading, &scratch);
        complete = keep_text(&arena, &keys[i].value);
    }
    if (complete) {
        qsort(keys, count, sizeof(*keys), table->descending ? compare_keys_down : compare_keys);
        for (size_t i = 0; i < count; i++)
            table->rows.items[first + i] = keys[i].row;
    }
    arena_free(&arena);
    return complete ? 0 : -ENOMEM;
}

void table_free(struct table *table)
{
    array_free(&table->rows);
    array_free(&table->before);
}
