/* test_contents.c - ranges of `show --hex`, and the form of a dump. */
#include "tests/unit/unit.h"

#include "common/array.h"
#include "common/strbuf.h"
#include "inspector/contents.h"
#include "inspector/hexdump.h"

#include <errno.h>
#include <string.h>

static void ranges_are_read(void **state)
{
    static const struct {
        const char *text;
        uint64_t offset, length;
    } cases[] = {
        {"0",                                         0,          512       },
        {"0x100-0x1ff",                               256,        256       },
        {"5-5",                                       5,          1         },
        {"4K+256",                                    4096,       256       },
        {"1M-",                                       1 << 20,    UINT64_MAX},
        {"0+0",                                       0,          0         },
        {"0-18446744073709551615",                    0,          UINT64_MAX},
        {"18446744073709551615+18446744073709551615", UINT64_MAX, UINT64_MAX},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct peek_range range;
        assert_int_equal(contents_parse_range(cases[i].text, &range), 0);
        assert_int_equal(range.offset, cases[i].offset);
        assert_int_equal(range.length, cases[i].length);
    }
}

static void nonsense_is_no_range(void **state)
{
    static const char *const texts[] = {
        "",
        "-",
        "+1",
        "-1",
        "x",
        "1-0",
        "1+",
        "1-x",
        "1+2+3",
        "1--2",
        "0x",
        "1 -2",
        "0x1-0x0",
        "18446744073709551616",
        "00000000000000000000000000000000000000001",
        "1-99999999999999999999999",
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct peek_range range = {.offset = 7, .length = 8};
        assert_int_equal(contents_parse_range(texts[i], &range), -EINVAL);
        assert_int_equal(range.offset, 7);
        assert_int_equal(range.length, 8);
    }
}

static void check_dump(uint64_t offset, const void *bytes, size_t length, const char *expected)
{
    AUTO_STRBUF struct strbuf text = {0};
    struct hexdump dump = {.comparable = false};
    hexdump_add(&dump, &text, offset, bytes, length);
    assert_string_equal(strbuf_text(&text), expected);
}

static void lines_begin_at_multiples_of_sixteen(void **state)
{
    (void)state;
    check_dump(0, "", 0, "");
    check_dump(0, "ab\0\x1b\xff", 5, "00000000  61 62 00 1b ff                                    |ab...|\n");
    check_dump(30, "abcd", 4,
               "0000001e                                             61 62  |              ab|\n"
               "00000020  63 64                                             |cd|\n");
}

static void what_repeats_is_one_star(void **state)
{
    AUTO_STRBUF struct strbuf text = {0};
    struct hexdump dump = {.comparable = false};
    unsigned char zeros[64] = {0};
    static const char line[] = "00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n";
    AUTO_STRBUF struct strbuf expected = {0};
    (void)state;
    hexdump_add(&dump, &text, 0, zeros, sizeof(zeros));
    hexdump_add(&dump, &text, 64, zeros, sizeof(zeros));
    strbuf_add_format(&expected, "00000000  %s*\n", line);
    assert_string_equal(strbuf_text(&text), strbuf_text(&expected));
    hexdump_break(&dump);
    hexdump_add(&dump, &text, 128, zeros, 16);
    hexdump_add(&dump, &text, 144, zeros, 3);
    strbuf_add_format(&expected, "00000080  %s", line);
    strbuf_add_string(&expected, "00000090  00 00 00                                          |...|\n");
    assert_string_equal(strbuf_text(&text), strbuf_text(&expected));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_are_read),
        cmocka_unit_test(nonsense_is_no_range),
        cmocka_unit_test(lines_begin_at_multiples_of_sixteen),
        cmocka_unit_test(what_repeats_is_one_star),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
