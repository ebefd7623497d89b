/* test_escape.c - hostile bytes become harmless, nothing else changes, and the way back is exact. */
#include "common/escape.h"

#include "common/array.h"
#include "common/strbuf.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>

struct escape_case {
    const char *bytes;
    const char *escaped;
};

static void check_escape(const char *bytes, size_t length, const char *also, const char *escaped)
{
    AUTO_STRBUF struct strbuf buffer = {0};
    escape_bytes(&buffer, bytes, length, also);
    assert_string_equal(strbuf_text(&buffer), escaped);
}

static void what_is_printable_stays(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "ring",
                                        "a b",
                                        "/torch_4711_0",
                                        "\"quotes\" 'too'",
                                        "gr\xc3\xbc\xc3\x9f",
                                        "\xe6\xbc\xa2\xe5\xad\x97",
                                        "\xf0\x9f\x98\x80",
                                        "x (deleted)"};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        check_escape(texts[i], strlen(texts[i]), NULL, texts[i]);
}

static void what_moves_the_cursor_is_escaped(void **state)
{
    (void)state;
    static const struct escape_case cases[] = {
        {"a\nb",             "a\\x0ab"             },
        {"\x1b[31mred",      "\\x1b[31mred"        },
        {"\r\t\b\a",         "\\x0d\\x09\\x08\\x07"},
        {"\x7f",             "\\x7f"               },
        {"\xc2\x9b"
         "2J",      "\\xc2\\x9b2J"        }, /* C1 CSI */
        {"\xe2\x80\xae"
         "evil",    "\\xe2\\x80\\xaeevil" }, /* right-to-left override */
        {"\xe2\x80\xa8",     "\\xe2\\x80\\xa8"     }, /* line separator */
        {"\xe2\x80\x8b",     "\\xe2\\x80\\x8b"     }, /* zero width space */
        {"\xef\xbb\xbf",     "\\xef\\xbb\\xbf"     }, /* byte order mark */
        {"\xf3\xa0\x81\x81", "\\xf3\\xa0\\x81\\x81"}, /* invisible tag */
        {"\\",               "\\\\"                },
        {"\\x41",            "\\\\x41"             },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check_escape(cases[i].bytes, strlen(cases[i].bytes), NULL, cases[i].escaped);
}

static void invalid_utf8_is_escaped_byte_by_byte(void **state)
{
    (void)state;
    static const struct escape_case cases[] = {
        {"\xff",                 "\\xff"                    },
        {"\x80",                 "\\x80"                    },
        {"\xc3",                 "\\xc3"                    }, /* cut off */
        {"\xc3(",                "\\xc3("                   },
        {"\xe2\x82",             "\\xe2\\x82"               },
        {"\xc0\xaf",             "\\xc0\\xaf"               }, /* overlong slash */
        {"\xe0\x80\xaf",         "\\xe0\\x80\\xaf"          },
        {"\xf0\x80\x80\xaf",     "\\xf0\\x80\\x80\\xaf"     },
        {"\xed\xa0\x80",         "\\xed\\xa0\\x80"          }, /* surrogate */
        {"\xf4\x90\x80\x80",     "\\xf4\\x90\\x80\\x80"     }, /* above U+10FFFF */
        {"\xf8\x88\x80\x80\x80", "\\xf8\\x88\\x80\\x80\\x80"},
        {"ok\xff\xc3\xa4",       "ok\\xff\xc3\xa4"          },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check_escape(cases[i].bytes, strlen(cases[i].bytes), NULL, cases[i].escaped);
}

static void a_caller_can_escape_more(void **state)
{
    (void)state;
    check_escape("a b\tc", 5, " ", "a\\x20b\\x09c");
    check_escape("\"x\\y\"", 5, "\"\\", "\\x22x\\x5cy\\x22");
    check_escape("a\0b", 3, "x", "a\\x00b");
    check_escape("a\0b", 3, NULL, "a\\x00b");
}

static void nonsense_is_not_decoded(void **state)
{
    (void)state;
    static const char *const texts[] = {"\\",  "\\x", "\\x4",  "\\xg0", "\\x0g",
                                        "\\n", "a\\", "\\x-1", "\\x 1"};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        AUTO_STRBUF struct strbuf buffer = {0};
        assert_int_equal(escape_decode(&buffer, texts[i]), -EINVAL);
    }
}

static bool is_harmless(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return false;
    return true;
}

/* Whatever the bytes are: one harmless line, which stands for exactly these bytes, and for no others. */
static void check_round_trip(const char *bytes, size_t length)
{
    AUTO_STRBUF struct strbuf escaped = {0}, back = {0}, again = {0};
    escape_bytes(&escaped, bytes, length, NULL);
    assert_true(is_harmless(strbuf_text(&escaped), escaped.length));
    assert_int_equal(strlen(strbuf_text(&escaped)), escaped.length);
    assert_int_equal(escape_decode(&back, strbuf_text(&escaped)), 0);
    assert_int_equal(back.length, length);
    assert_memory_equal(strbuf_text(&back), bytes, length);
    escape_bytes(&again, strbuf_text(&back), back.length, NULL);
    assert_string_equal(strbuf_text(&again), strbuf_text(&escaped));
}

static void every_pair_of_bytes_comes_back(void **state)
{
    (void)state;
    for (unsigned pair = 0; pair < 65536; pair++) {
        char bytes[2] = {(char)(pair >> 8), (char)pair};
        check_round_trip(bytes, 2);
    }
}

/* Bytes are drawn from those that matter to UTF-8 and to the escape itself, so that rare cases are not rare.
 */
static void random_bytes_come_back(void **state)
{
    (void)state;
    static const unsigned char likely[] = {0,    '\n', 0x1b, '\\', 'x',  '4',  0x80, 0xa0, 0xbf, 0xc0,
                                           0xc2, 0xe2, 0xed, 0xef, 0xf0, 0xf3, 0xf4, 0xff, 0xae, 'a'};
    uint64_t random = 4711;
    for (int round = 0; round < 20000; round++) {
        char bytes[24];
        size_t length = 0;
        for (size_t wanted = (size_t)round % sizeof(bytes); length < wanted; length++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            bytes[length] = (char)likely[(random >> 33) % sizeof(likely)];
        }
        check_round_trip(bytes, length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_printable_stays),
        cmocka_unit_test(what_moves_the_cursor_is_escaped),
        cmocka_unit_test(invalid_utf8_is_escaped_byte_by_byte),
        cmocka_unit_test(a_caller_can_escape_more),
        cmocka_unit_test(nonsense_is_not_decoded),
        cmocka_unit_test(every_pair_of_bytes_comes_back),
        cmocka_unit_test(random_bytes_come_back),
    };
    return cmocka_run_group_tests_name("escape", tests, NULL, NULL);
}
