/* test_scan.c - every step accepts exactly what it names, and does not move when it refuses. */
#include "common/scan.h"

#include "common/array.h"
#include "tests/unit/unit.h"

#include <string.h>

static void nothing_is_read_beyond_the_end(void **state)
{
    (void)state;
    const char *word;
    size_t length;
    uint64_t number = 7;
    int64_t integer = 7;
    struct scan line, scan = scan_bytes("42", 0);
    assert_true(scan_done(&scan));
    assert_int_equal(scan_peek(&scan), 0);
    assert_false(scan_char(&scan, '4'));
    assert_true(scan_literal(&scan, ""));
    assert_false(scan_literal(&scan, "4"));
    assert_false(scan_decimal(&scan, &number));
    assert_false(scan_hex(&scan, &number));
    assert_false(scan_octal(&scan, &number));
    assert_false(scan_signed(&scan, &integer));
    assert_false(scan_word(&scan, &word, &length));
    assert_false(scan_line(&scan, &line));
    scan_blanks(&scan);
    assert_true(scan_done(&scan));
    assert_int_equal(number, 7);
    assert_int_equal(integer, 7);

    scan = scan_bytes("123456", 3);
    assert_true(scan_decimal(&scan, &number));
    assert_int_equal(number, 123);
}

typedef bool (*number_scanner)(struct scan *, uint64_t *);

struct number_case {
    number_scanner read;
    const char *text;
    bool accepted;
    uint64_t value;
    char next; /* the byte after the number */
};

static void numbers_are_unsigned_and_do_not_overflow(void **state)
{
    (void)state;
    static const struct number_case cases[] = {
        {scan_decimal, "0",                       true,  0,          '\0'},
        {scan_decimal, "0012 ",                   true,  12,         ' ' },
        {scan_decimal, "12a",                     true,  12,         'a' },
        {scan_decimal, "18446744073709551615",    true,  UINT64_MAX, '\0'},
        {scan_decimal, "18446744073709551616",    false, 0,          '1' },
        {scan_decimal, "99999999999999999999999", false, 0,          '9' },
        {scan_decimal, "-1",                      false, 0,          '-' },
        {scan_decimal, "+1",                      false, 0,          '+' },
        {scan_decimal, " 1",                      false, 0,          ' ' },
        {scan_hex,     "7fFe-",                   true,  0x7ffe,     '-' },
        {scan_hex,     "ffffffffffffffff",        true,  UINT64_MAX, '\0'},
        {scan_hex,     "10000000000000000",       false, 0,          '1' },
        {scan_hex,     "0x10",                    true,  0,          'x' },
        {scan_hex,     "g",                       false, 0,          'g' },
        {scan_octal,   "6448",                    true,  0644,       '8' },
        {scan_octal,   "1777777777777777777777",  true,  UINT64_MAX, '\0'},
        {scan_octal,   "2000000000000000000000",  false, 0,          '2' },
        {scan_octal,   "8",                       false, 0,          '8' },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct scan scan = scan_text(cases[i].text);
        uint64_t value = 0;
        if (cases[i].read(&scan, &value) != cases[i].accepted || value != cases[i].value ||
            scan_peek(&scan) != cases[i].next)
            fail_msg("case %zu, '%s': value %llu, then '%c'", i, cases[i].text, (unsigned long long)value,
                     scan_peek(&scan));
    }
}

static void signed_numbers_reach_both_ends(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool accepted;
        int64_t value;
    } cases[] = {
        {"-1",                   true,  -1       },
        {"0",                    true,  0        },
        {"-0",                   true,  0        },
        {"9223372036854775807",  true,  INT64_MAX},
        {"9223372036854775808",  false, 0        },
        {"-9223372036854775808", true,  INT64_MIN},
        {"-9223372036854775809", false, 0        },
        {"--1",                  false, 0        },
        {"-",                    false, 0        },
        {"- 1",                  false, 0        },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct scan scan = scan_text(cases[i].text);
        int64_t value = 0;
        assert_int_equal(scan_signed(&scan, &value), cases[i].accepted);
        assert_int_equal(value, cases[i].value);
        assert_ptr_equal(scan.at, cases[i].accepted ? cases[i].text + strlen(cases[i].text) : cases[i].text);
    }
}

static void words_end_at_blanks_and_newlines(void **state)
{
    (void)state;
    static const char text[] = "one\ttwo  three\nfour";
    static const char *const words[] = {"one", "two", "three"};
    struct scan scan = scan_text(text);
    const char *word;
    size_t length;
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        assert_true(scan_word(&scan, &word, &length));
        assert_int_equal(length, strlen(words[i]));
        assert_memory_equal(word, words[i], length);
        scan_blanks(&scan);
    }
    assert_false(scan_word(&scan, &word, &length));
    assert_int_equal(scan_peek(&scan), '\n');
}

static void literals_match_whole_or_not(void **state)
{
    (void)state;
    struct scan scan = scan_text("Pss: 12");
    assert_false(scan_literal(&scan, "Pss: 12 kB"));
    assert_false(scan_literal(&scan, "Rss:"));
    assert_true(scan_literal(&scan, "Pss:"));
    assert_false(scan_char(&scan, '1'));
    assert_true(scan_char(&scan, ' '));
    assert_true(scan_char(&scan, '1'));
    assert_int_equal(scan_peek(&scan), '2');
}

static void lines_come_without_newlines(void **state)
{
    (void)state;
    static const char text[] = "first\n\nlast";
    static const size_t lengths[] = {5, 0, 4};
    struct scan line, scan = scan_text(text);
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        assert_true(scan_line(&scan, &line));
        assert_int_equal(line.end - line.at, lengths[i]);
    }
    assert_false(scan_line(&scan, &line));

    scan = scan_text("only\n");
    assert_true(scan_line(&scan, &line));
    assert_false(scan_line(&scan, &line));

    scan = scan_bytes("a\0b\nc", 5);
    assert_true(scan_line(&scan, &line));
    assert_int_equal(line.end - line.at, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_read_beyond_the_end),
        cmocka_unit_test(numbers_are_unsigned_and_do_not_overflow),
        cmocka_unit_test(signed_numbers_reach_both_ends),
        cmocka_unit_test(words_end_at_blanks_and_newlines),
        cmocka_unit_test(literals_match_whole_or_not),
        cmocka_unit_test(lines_come_without_newlines),
    };
    return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
