/* test_units.c - sizes, durations, numbers, times and modes, both ways. */
#include "common/units.h"

#include "common/array.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

struct parse_case {
    const char *text;
    int result;
    uint64_t value;
};

static void check_parser(int (*parse)(const char *, uint64_t *), const struct parse_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t value = 4711;
        int r = parse(cases[i].text, &value);
        if (r != cases[i].result || value != (r ? 4711 : cases[i].value))
            fail_msg("'%s': result %d, value %llu", cases[i].text, r, (unsigned long long)value);
    }
}

static void numbers_are_decimal_or_hex(void **state)
{
    (void)state;
    static const struct parse_case cases[] = {
        {"0",                    0,       0          },
        {"007",                  0,       7          },
        {"0x1F",                 0,       31         },
        {"18446744073709551615", 0,       UINT64_MAX },
        {"18446744073709551616", -EINVAL, 0          },
        {"",                     -EINVAL, 0          },
        {"0x",                   -EINVAL, 0          },
        {"-1",                   -EINVAL, 0          },
        {"+1",                   -EINVAL, 0          },
        {" 1",                   -EINVAL, 0          },
        {"1 ",                   -EINVAL, 0          },
        {"12a",                  -EINVAL, 0          },
        {"0xffffffff",           0,       0xffffffffu},
    };
    check_parser(units_parse_number, cases, COUNT_OF(cases));
}

static void sizes_are_powers_of_1024(void **state)
{
    (void)state;
    static const struct parse_case cases[] = {
        {"0",                     0,       0                    },
        {"4096",                  0,       4096                 },
        {"4096B",                 0,       4096                 },
        {"1K",                    0,       1024                 },
        {"1k",                    0,       1024                 },
        {"1KB",                   0,       1024                 },
        {"1KiB",                  0,       1024                 },
        {"1kib",                  0,       1024                 },
        {"2M",                    0,       2u << 20             },
        {"1.5G",                  0,       UINT64_C(3) << 29    },
        {"0.5K",                  0,       512                  },
        {"1P",                    0,       UINT64_C(1) << 50    },
        {"16383P",                0,       UINT64_C(16383) << 50},
        {"16384P",                -ERANGE, 0                    },
        {"18446744073709551615P", -ERANGE, 0                    },
        {"1BB",                   -EINVAL, 0                    },
        {"1iB",                   -EINVAL, 0                    },
        {"1KBB",                  -EINVAL, 0                    },
        {"K",                     -EINVAL, 0                    },
        {"1X",                    -EINVAL, 0                    },
        {"-1K",                   -EINVAL, 0                    },
        {".5K",                   -EINVAL, 0                    },
        {"1 K",                   -EINVAL, 0                    },
        {"",                      -EINVAL, 0                    },
    };
    check_parser(units_parse_size, cases, COUNT_OF(cases));
}

static void durations_add_up(void **state)
{
    (void)state;
    static const struct parse_case cases[] = {
        {"0",            0,       0                             },
        {"5",            0,       UINT64_C(5000000000)          },
        {"5s",           0,       UINT64_C(5000000000)          },
        {"5ns",          0,       5                             },
        {"7us",          0,       7000                          },
        {"50ms",         0,       50000000                      },
        {"1.5s",         0,       UINT64_C(1500000000)          },
        {"1m",           0,       UINT64_C(60000000000)         },
        {"1h30m",        0,       UINT64_C(5400000000000)       },
        {"1m30",         0,       UINT64_C(90000000000)         },
        {"1m500ms",      0,       UINT64_C(60500000000)         },
        {"2d",           0,       UINT64_C(172800000000000)     },
        {"1w",           0,       UINT64_C(604800000000000)     },
        {"30500w",       0,       UINT64_C(18446400000000000000)},
        {"30501w",       -ERANGE, 0                             },
        {"30500w30500w", -ERANGE, 0                             },
        {"",             -EINVAL, 0                             },
        {"m",            -EINVAL, 0                             },
        {"1y",           -EINVAL, 0                             },
        {"1h ",          -EINVAL, 0                             },
        {"-1s",          -EINVAL, 0                             },
        {"1mm",          -EINVAL, 0                             },
    };
    check_parser(units_parse_duration, cases, COUNT_OF(cases));
}

static void sizes_are_written_short(void **state)
{
    (void)state;
    static const struct {
        uint64_t bytes;
        const char *text;
    } cases[] = {
        {0,                       "0B"    },
        {1,                       "1B"    },
        {1023,                    "1023B" },
        {1024,                    "1K"    },
        {1536,                    "1.5K"  },
        {99 * 1024 + 512,         "99.5K" },
        {100 * 1024 + 512,        "100K"  },
        {UINT64_C(1) << 20,       "1M"    },
        {(UINT64_C(1) << 20) - 1, "1023K" },
        {UINT64_C(5) << 29,       "2.5G"  },
        {UINT64_MAX,              "16383P"},
    };
    char buffer[UNITS_TEXT_MAX];
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(units_format_size(cases[i].bytes, buffer), cases[i].text);
}

/* What is written must be readable again, and be wrong by less than the last digit shown. */
static void written_sizes_can_be_read(void **state)
{
    (void)state;
    char buffer[UNITS_TEXT_MAX];
    uint64_t bytes = 1;
    for (int i = 0; i < 2000; i++) {
        uint64_t again;
        assert_int_equal(units_parse_size(units_format_size(bytes, buffer), &again), 0);
        assert_true(again <= bytes);
        assert_true(bytes - again <= bytes / 10);
        bytes = bytes * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        bytes >>= i % 64;
    }
}

static void durations_are_written_short(void **state)
{
    (void)state;
    static const struct {
        uint64_t nanoseconds;
        const char *text;
    } cases[] = {
        {0,                              "0s"        },
        {1000,                           "1us"       },
        {999999,                         "999us"     },
        {50000000,                       "50ms"      },
        {UINT64_C(1000000000),           "1s"        },
        {UINT64_C(59999999999),          "59s"       },
        {UINT64_C(61000000000),          "1m01s"     },
        {UINT64_C(3600000000000),        "1h00m"     },
        {UINT64_C(90000000000000),       "1d01h"     },
        {UINT64_C(18446744073709551615), "213503d23h"},
    };
    char buffer[UNITS_TEXT_MAX];
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(units_format_duration(cases[i].nanoseconds, buffer), cases[i].text);
}

static void times_are_local(void **state)
{
    (void)state;
    char buffer[UNITS_TEXT_MAX];
    setenv("TZ", "UTC", 1);
    tzset();
    assert_string_equal(units_format_time(0, buffer), "-");
    assert_string_equal(units_format_time(UINT64_C(1795463250000000000), buffer), "2026-11-23T19:47:30");
    setenv("TZ", "EST5", 1);
    tzset();
    assert_string_equal(units_format_time(UINT64_C(1795463250999999999), buffer), "2026-11-23T14:47:30");
    assert_non_null(units_format_time(UINT64_MAX, buffer));
}

static void modes_look_as_in_ls(void **state)
{
    (void)state;
    static const struct {
        unsigned mode;
        const char *text;
    } cases[] = {
        {0,       "---------"},
        {0644,    "rw-r--r--"},
        {0777,    "rwxrwxrwx"},
        {04755,   "rwsr-xr-x"},
        {04644,   "rwSr--r--"},
        {02755,   "rwxr-sr-x"},
        {02745,   "rwxr-Sr-x"},
        {01777,   "rwxrwxrwt"},
        {01776,   "rwxrwxrwT"},
        {0100600, "rw-------"},
    };
    char buffer[UNITS_TEXT_MAX];
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(units_format_mode(cases[i].mode, buffer), cases[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_decimal_or_hex),
        cmocka_unit_test(sizes_are_powers_of_1024),
        cmocka_unit_test(durations_add_up),
        cmocka_unit_test(sizes_are_written_short),
        cmocka_unit_test(written_sizes_can_be_read),
        cmocka_unit_test(durations_are_written_short),
        cmocka_unit_test(times_are_local),
        cmocka_unit_test(modes_look_as_in_ls),
    };
    return cmocka_run_group_tests_name("units", tests, NULL, NULL);
}
