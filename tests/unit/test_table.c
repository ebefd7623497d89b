/* test_table.c - the rows of the dashboard's tables: sorting, and a selection that stays on the same thing.
 */
#include "tests/unit/unit.h"

#include "common/strbuf.h"
#include "inspector/dashboard/dashboard.h"
#include "tests/unit/changeable_snapshot.h"

#include <stdlib.h>

/* What the made-up screen shows: its rows by name, a number of each. */
static const struct thing {
    const char *name;
    uint64_t number;
    int64_t change;
} things[] = {
    {"ten",      10, -10},
    {"two",      2,  2  },
    {"one",      1,  -1 },
    {"also two", 2,  2  },
};

enum { TEN, TWO, ONE, ALSO_TWO };

/* Which of them there are, in which order. */
static size_t shown[8], shown_count;

static void headings(const struct dashboard *dashboard, struct table *table)
{
    (void)dashboard;
    table->headings[table->heading_count++] = (struct heading){.name = "NAME", .type = VALUE_STRING};
    table->headings[table->heading_count++] = (struct heading){.name = "NUMBER", .type = VALUE_NUMBER};
    table->headings[table->heading_count++] = (struct heading){.name = "CHANGE", .type = VALUE_RATE};
}

static int rows(const struct dashboard *dashboard, struct table *table)
{
    for (size_t i = 0; i < shown_count; i++)
        assert_non_null(table_add(table, ROW_LIMIT, &things[shown[i]], 0, shown[i]));
    return table_sort(dashboard, table, 0);
}

/* "one" has no number that is known. */
static struct value cell(const struct dashboard *dashboard, const struct row *row,
                         const struct heading *heading, struct strbuf *scratch)
{
    (void)dashboard;
    const struct thing *thing = row->thing;
    if (heading->type == VALUE_NUMBER)
        return thing == &things[ONE] ? (struct value){.type = VALUE_DENIED}
                                     : value_of(VALUE_NUMBER, thing->number);
    if (heading->type == VALUE_RATE)
        return value_change(VALUE_RATE, thing->change);
    strbuf_add_format(scratch, "%s-%llu", "name", (unsigned long long)thing->number);
    return value_string(strbuf_text(scratch), scratch->length);
}

static const struct screen screen = {.name = "Made up", .headings = headings, .rows = rows, .cell = cell};

static struct dashboard *dashboard;
static struct table table;

static void show(size_t count, const size_t *what)
{
    for (shown_count = 0; shown_count < count; shown_count++)
        shown[shown_count] = what[shown_count];
    assert_int_equal(table_update(dashboard, &table), 0);
}

#define SHOW(...) show(COUNT_OF(((const size_t[]){__VA_ARGS__})), (const size_t[]){__VA_ARGS__})

static void check_rows(size_t count, const size_t *what)
{
    assert_int_equal(table.rows.count, count);
    for (size_t i = 0; i < count; i++)
        assert_ptr_equal(table.rows.items[i].thing, &things[what[i]]);
}

#define CHECK_ROWS(...) check_rows(COUNT_OF(((const size_t[]){__VA_ARGS__})), (const size_t[]){__VA_ARGS__})

static int start(void **state)
{
    (void)state;
    dashboard = calloc(1, sizeof(*dashboard));
    table = (struct table){.screen = &screen};
    shown_count = 0;
    return dashboard ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    dashboard->model.snapshot = NULL;
    table_free(&table);
    free(dashboard);
    return 0;
}

static void see(void)
{
    static struct changeable changeable;
    changeable_make(&changeable, 0);
    dashboard->model.snapshot = &changeable.snapshot;
}

static void without_a_snapshot_there_are_headings_only(void **state)
{
    (void)state;
    SHOW(TEN, TWO);
    assert_int_equal(table.heading_count, 3);
    assert_int_equal(table.rows.count, 0);
    assert_null(table_selected(&table));
    see();
    SHOW(TEN, TWO);
    assert_int_equal(table.heading_count, 3);
    CHECK_ROWS(TEN, TWO);
    assert_ptr_equal(table_selected(&table), &table.rows.items[0]);
}

static void rows_stay_as_they_come_until_sorted(void **state)
{
    (void)state;
    see();
    SHOW(TEN, TWO, ONE, ALSO_TWO);
    CHECK_ROWS(TEN, TWO, ONE, ALSO_TWO);
    table_sort_by(&table, "NOSUCH");
    SHOW(TEN, TWO, ONE, ALSO_TWO);
    CHECK_ROWS(TEN, TWO, ONE, ALSO_TWO);
    assert_false(table_is_sorted_by(&table, "NUMBER"));
}

static void numbers_are_sorted_unknown_ones_first_and_equals_stay(void **state)
{
    (void)state;
    see();
    table_sort_by(&table, "NUMBER");
    assert_true(table_is_sorted_by(&table, "NUMBER"));
    SHOW(TEN, TWO, ONE, ALSO_TWO);
    CHECK_ROWS(ONE, TWO, ALSO_TWO, TEN);
    table.descending = true;
    SHOW(TEN, TWO, ONE, ALSO_TWO);
    CHECK_ROWS(TEN, TWO, ALSO_TWO, ONE);
    table_sort_by(&table, NULL);
    SHOW(TEN, TWO, ONE, ALSO_TWO);
    CHECK_ROWS(TEN, TWO, ONE, ALSO_TWO);
}

static void what_shrinks_comes_before_what_grows(void **state)
{
    (void)state;
    see();
    table_sort_by(&table, "CHANGE");
    SHOW(TEN, TWO, ONE, ALSO_TWO);
    CHECK_ROWS(TEN, ONE, TWO, ALSO_TWO);
}

/* Who asks for a sort by size wants to see what is large. */
static void of_quantities_the_most_comes_first_when_asked_for(void **state)
{
    (void)state;
    see();
    SHOW(TEN, TWO, ONE);
    table_sort_by_heading(&table, &table.headings[1]);
    assert_true(table.descending);
    assert_true(table_is_sorted_by(&table, "NUMBER"));
    table_sort_by_heading(&table, &table.headings[0]);
    assert_false(table.descending);
    table_sort_by_heading(&table, &table.headings[2]);
    assert_true(table.descending);
}

/* As numbers are read, "name-2" before "name-10". */
static void texts_are_sorted_as_people_do(void **state)
{
    (void)state;
    see();
    table_sort_by(&table, "NAME");
    SHOW(TEN, TWO, ONE, ALSO_TWO);
    CHECK_ROWS(ONE, TWO, ALSO_TWO, TEN);
}

static void the_selection_goes_where_its_thing_goes(void **state)
{
    (void)state;
    see();
    SHOW(TEN, TWO, ONE);
    table_select(&table, 1);
    assert_ptr_equal(table_selected(&table)->thing, &things[TWO]);
    SHOW(ALSO_TWO, TEN, ONE, TWO);
    assert_ptr_equal(table_selected(&table)->thing, &things[TWO]);
    SHOW(TWO);
    assert_ptr_equal(table_selected(&table)->thing, &things[TWO]);
}

/* So that it does not jump on the screen. */
static void what_is_in_view_scrolls_with_the_selection(void **state)
{
    (void)state;
    see();
    SHOW(TEN, TWO, ONE, ALSO_TWO);
    table_select(&table, 3);
    table.top = 2;
    SHOW(ONE, ALSO_TWO);
    assert_int_equal(table.selected, 1);
    assert_int_equal(table.top, 0);
    SHOW(TEN, TWO, ONE, ALSO_TWO);
    assert_int_equal(table.selected, 3);
    assert_int_equal(table.top, 2);
}

static void the_selection_stays_in_place_when_its_thing_is_gone(void **state)
{
    (void)state;
    see();
    SHOW(TEN, TWO, ONE);
    table_select(&table, 1);
    SHOW(TEN, ONE, ALSO_TWO);
    assert_ptr_equal(table_selected(&table)->thing, &things[ONE]);
    table_select(&table, 2);
    SHOW(TEN);
    assert_ptr_equal(table_selected(&table)->thing, &things[TEN]);
    show(0, NULL);
    assert_null(table_selected(&table));
    SHOW(TWO, TEN);
    assert_int_equal(table.selected, 0);
}

static void selecting_is_clipped_to_what_there_is(void **state)
{
    (void)state;
    see();
    SHOW(TEN, TWO);
    table_select(&table, 99);
    assert_int_equal(table.selected, 1);
    table_select(&table, -5);
    assert_int_equal(table.selected, 0);
}

static void clicks_find_the_row_that_was_drawn_there(void **state)
{
    (void)state;
    see();
    SHOW(TEN, TWO, ONE, ALSO_TWO);
    table.y = 5;
    table.height = 2;
    table.top = 1;
    assert_int_equal(table_row_at(&table, 4), -1);
    assert_int_equal(table_row_at(&table, 5), 1);
    assert_int_equal(table_row_at(&table, 6), 2);
    assert_int_equal(table_row_at(&table, 7), -1);
    table.height = 20;
    assert_int_equal(table_row_at(&table, 8), -1);
}

/* Two marks, then the columns with a space between; those that do not fit are not there. */
static void clicks_find_the_heading_that_was_drawn_there(void **state)
{
    (void)state;
    assert_null(table_heading_at(&table, 3));
    SHOW(TEN);
    table.widths[0] = 6;
    table.widths[1] = 7;
    table.width = 40;
    assert_null(table_heading_at(&table, 1));
    assert_string_equal(table_heading_at(&table, 2)->name, "NAME");
    assert_string_equal(table_heading_at(&table, 8)->name, "NAME");
    assert_string_equal(table_heading_at(&table, 9)->name, "NUMBER");
    table.x = 10;
    assert_null(table_heading_at(&table, 9));
    assert_string_equal(table_heading_at(&table, 12)->name, "NAME");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_a_snapshot_there_are_headings_only),
        TEST(rows_stay_as_they_come_until_sorted),
        TEST(numbers_are_sorted_unknown_ones_first_and_equals_stay),
        TEST(what_shrinks_comes_before_what_grows),
        TEST(of_quantities_the_most_comes_first_when_asked_for),
        TEST(texts_are_sorted_as_people_do),
        TEST(the_selection_goes_where_its_thing_goes),
        TEST(what_is_in_view_scrolls_with_the_selection),
        TEST(the_selection_stays_in_place_when_its_thing_is_gone),
        TEST(selecting_is_clipped_to_what_there_is),
        TEST(clicks_find_the_row_that_was_drawn_there),
        TEST(clicks_find_the_heading_that_was_drawn_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
