/* test_draw.c - how much room text takes on a screen, and where it is broken. Nothing is drawn. */
#include "tests/unit/unit.h"

#include "inspector/dashboard/draw.h"

#include <locale.h>
#include <string.h>

static void width_is_in_columns(void **state)
{
    (void)state;
    assert_int_equal(draw_width(""), 0);
    assert_int_equal(draw_width("abc"), 3);
    assert_int_equal(draw_width("\u00e9\u2026"), 2);
    assert_int_equal(draw_width("\u4e2d\u6587"), 4);
    assert_int_equal(draw_width("e\u0301"), 1);
    /* What is no character counts, so that it cannot push anything off the screen. */
    assert_int_equal(draw_width("a\xff\xc3"), 3);
    assert_int_equal(draw_width("\t"), 1);
}

static void what_fits_is_not_broken(void **state)
{
    (void)state;
    assert_int_equal(draw_wrap("", 5), 0);
    assert_int_equal(draw_wrap("a few", 5), 5);
    assert_int_equal(draw_wrap("\u4e2d\u6587", 4), strlen("\u4e2d\u6587"));
}

static void lines_are_broken_between_words(void **state)
{
    (void)state;
    assert_int_equal(draw_wrap("one two three", 12), strlen("one two"));
    assert_int_equal(draw_wrap("one two three", 8), strlen("one two"));
    assert_int_equal(draw_wrap("one two three", 7), strlen("one two"));
    assert_int_equal(draw_wrap("one two three", 6), strlen("one"));
}

static void long_words_are_broken_between_characters(void **state)
{
    (void)state;
    assert_int_equal(draw_wrap("abcdef", 4), 4);
    assert_int_equal(draw_wrap("\u4e2d\u6587\u5b57", 5), strlen("\u4e2d\u6587"));
    assert_int_equal(draw_wrap("ee\u0301e", 2), strlen("ee\u0301"));
}

/* A line takes something off each time, however narrow it is. */
static void there_is_always_progress(void **state)
{
    static const char *const texts[] = {"abc def", " abc", "\u4e2d\u6587", "\xff\xff", "   "};
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        for (int width = -1; width < 8; width++)
            assert_true(draw_wrap(texts[i], width) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(width_is_in_columns),
        cmocka_unit_test(what_fits_is_not_broken),
        cmocka_unit_test(lines_are_broken_between_words),
        cmocka_unit_test(long_words_are_broken_between_characters),
        cmocka_unit_test(there_is_always_progress),
    };
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
