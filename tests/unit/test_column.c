/* test_column.c - columns, their values and how they look. */
#include "tests/unit/unit.h"

#include "common/strbuf.h"
#include "inspector/column_choice.h"
#include "inspector/delta.h"
#include "inspector/rate_column.h"
#include "inspector/value_format.h"
#include "tests/unit/sample_snapshot.h"

#include <locale.h>
#include <string.h>

static void check_text(unsigned object, const char *name, const char *expected, struct value_style style)
{
    AUTO_STRBUF struct strbuf scratch = {0}, text = {0};
    const struct column *column = column_find(name, strlen(name));
    assert_non_null(column);
    value_format(&text, column_value(column, &sample, &sample_objects[object], &scratch), &style);
    if (strcmp(strbuf_text(&text), expected) != 0)
        fail_msg("%s of %s: '%s' instead of '%s'", name, sample_objects[object].label, strbuf_text(&text),
                 expected);
}

static void values_are_written_for_humans(void **state)
{
    (void)state;
    static const struct {
        unsigned object;
        const char *column, *text;
    } cases[] = {
        {SAMPLE_SEGMENT, "kind",       "sysv-shm"                      },
        {SAMPLE_SEGMENT, "object",     "sysv-shm:7"                    },
        {SAMPLE_SEGMENT, "key",        "0x00001234"                    },
        {SAMPLE_SEGMENT, "size",       "2M"                            },
        {SAMPLE_SEGMENT, "owner",      "root"                          },
        {SAMPLE_SEGMENT, "mode",       "rw-r-----"                     },
        {SAMPLE_SEGMENT, "age",        "2h00m"                         },
        {SAMPLE_SEGMENT, "users",      "2"                             },
        {SAMPLE_SEGMENT, "mapped",     "2M"                            },
        {SAMPLE_SEGMENT, "pids",       "11,12"                         },
        {SAMPLE_SEGMENT, "commands",   "writer,w\\x09w"                },
        {SAMPLE_SEGMENT, "processes",  "11:writer,12:w\\x09w"          },
        {SAMPLE_SEGMENT, "cpid_state", "alive"                         },
        {SAMPLE_SEGMENT, "lpid_state", "dead"                          },
        {SAMPLE_SEGMENT, "waiters",    "0"                             },
        {SAMPLE_SEGMENT, "name",       "-"                             },
        {SAMPLE_SET,     "owner",      "4000000"                       },
        {SAMPLE_SET,     "semaphores", "0,5"                           },
        {SAMPLE_SET,     "blocked",    "denied"                        },
        {SAMPLE_SET,     "waiters",    "1"                             },
        {SAMPLE_SET,     "cpid_state", "-"                             },
        {SAMPLE_SET,     "age",        "-"                             },
        {SAMPLE_FILE,    "object",     "posix-shm:/a\\x0a\\x1b\"b\\\\c"},
        {SAMPLE_FILE,    "name",       "/a\\x0a\\x1b\"b\\\\c"          },
        {SAMPLE_FILE,    "age",        "1m29s"                         },
        {SAMPLE_FILE,    "pids",       "-"                             },
        {SAMPLE_QUEUE,   "full",       "90%"                           },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check_text(cases[i].object, cases[i].column, cases[i].text, (struct value_style){0});
}

static void exact_values_have_no_units(void **state)
{
    (void)state;
    static const struct value_style exact = {.exact = true};
    check_text(SAMPLE_SEGMENT, "size", "2097152", exact);
    check_text(SAMPLE_SEGMENT, "age", "7200", exact);
    check_text(SAMPLE_SEGMENT, "key", "0x00001234", exact);
}

static void rates_have_a_sign(void **state)
{
    (void)state;
    static const struct {
        enum value_type type;
        int64_t change;
        const char *text;
    } cases[] = {
        {VALUE_RATE,      0,         "0"                },
        {VALUE_RATE,      49,        "0"                },
        {VALUE_RATE,      -49,       "0"                },
        {VALUE_RATE,      2500,      "+2.5"             },
        {VALUE_RATE,      -500,      "-0.5"             },
        {VALUE_RATE,      99949,     "+99.9"            },
        {VALUE_RATE,      -100000,   "-100"             },
        {VALUE_RATE,      INT64_MIN, "-9223372036854775"},
        {VALUE_BYTE_RATE, 0,         "0B"               },
        {VALUE_BYTE_RATE, 1536,      "+1.5K"            },
        {VALUE_BYTE_RATE, -4096,     "-4K"              },
        {VALUE_BYTE_RATE, INT64_MIN, "-8192P"           },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AUTO_STRBUF struct strbuf text = {0};
        value_format(&text, value_change(cases[i].type, cases[i].change), &(struct value_style){0});
        assert_string_equal(strbuf_text(&text), cases[i].text);
    }
}

static void rates_are_columns_of_their_own(void **state)
{
    (void)state;
    AUTO_STRBUF struct strbuf scratch = {0};
    struct rates rates = {.bytes = value_change(VALUE_BYTE_RATE, 1),
                          .messages = value_change(VALUE_RATE, 2),
                          .attachments = value_change(VALUE_RATE, 3)};
    int64_t expected = 0;
    for (const struct column *column = rate_columns; column->name; column++) {
        size_t length = strlen(column->name);
        assert_ptr_equal(rate_column_find(column->name, length), column);
        assert_null(rate_column_find(column->name, length - 1));
        assert_null(column_find(column->name, length));
        assert_true(column_is_rate(column));
        assert_int_equal(rate_column_value(column, &rates).type, column->type);
        assert_int_equal(rate_column_value(column, &rates).change, ++expected);
        assert_int_equal(column_value(column, &sample, &sample_objects[0], &scratch).type, VALUE_NONE);
    }
    assert_int_equal(expected, 3);
    assert_false(column_is_rate(&columns[0]));
}

static void other_locales_see_ascii_only(void **state)
{
    (void)state;
    static const struct value_style style = {0};
    AUTO_STRBUF struct strbuf text = {0};
    struct value name = value_string("/\xc3\xa9", 3);
    assert_non_null(setlocale(LC_CTYPE, "C"));
    value_format(&text, name, &style);
    assert_string_equal(strbuf_text(&text), "/\\xc3\\xa9");
    strbuf_clear(&text);
    assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
    value_format(&text, name, &style);
    assert_string_equal(strbuf_text(&text), "/\xc3\xa9");
}

static void every_column_has_a_value_for_every_object(void **state)
{
    (void)state;
    AUTO_STRBUF struct strbuf scratch = {0};
    for (const struct column *column = columns; column->name; column++) {
        assert_ptr_equal(column_find(column->name, strlen(column->name)), column);
        for (size_t i = 0; i < SAMPLE_COUNT; i++) {
            struct value value = column_value(column, &sample, &sample_objects[i], &scratch);
            if (value_known(value) && value.type != column->type)
                fail_msg("%s of %s has type %d", column->name, sample_objects[i].label, value.type);
        }
    }
}

static void names_may_be_written_in_several_ways(void **state)
{
    (void)state;
    const struct column *column = column_find("cpid_state", 10);
    assert_non_null(column);
    assert_ptr_equal(column_find("CPID-STATE", 10), column);
    assert_null(column_find("cpid_stat", 9));
    assert_null(column_find("cpid_states", 11));
    assert_null(column_find("", 0));
    assert_string_equal(column_suggest("siz", 3), "size");
    assert_string_equal(column_suggest("ownr", 4), "owner");
    assert_null(column_suggest("zzzzzzzz", 8));
}

static void choices_replace_or_add(void **state)
{
    (void)state;
    struct column_choice choice, usual;
    assert_int_equal(columns_choose(&usual, KIND_BIT(pipe) | KIND_BIT(memfd), NULL), 0);
    assert_false(usual.chosen);
    assert_int_equal(columns_choose(&choice, KIND_BIT(pipe) | KIND_BIT(memfd), "+kind,object"), 0);
    assert_true(choice.chosen);
    assert_int_equal(choice.count, usual.count + 1);
    assert_int_equal(columns_choose(&choice, 0, "id,size"), 0);
    assert_int_equal(choice.count, 2);
    assert_string_equal(choice.items[1]->name, "size");
    assert_int_not_equal(columns_choose(&choice, 0, "id,,size"), 0);
    assert_int_not_equal(columns_choose(&choice, 0, ""), 0);
    assert_int_not_equal(columns_choose(&choice, 0, "nonsense"), 0);
}

static void every_kind_has_default_columns(void **state)
{
    (void)state;
    for (size_t i = 0; i < KIND_COUNT; i++) {
        struct column_choice choice;
        assert_int_equal(columns_choose(&choice, UINT64_C(1) << i, NULL), 0);
        assert_in_range(choice.count, 3, COLUMNS_MAX);
        assert_string_equal(choice.items[0]->name, "object");
    }
}

/* So that `list sysv-shm -o id,size` reads one table and looks at no process. */
static void only_what_columns_need_is_collected(void **state)
{
    (void)state;
    static const struct {
        const char *columns;
        unsigned needs;
    } cases[] = {
        {"object,kind,id,key,mode,nattch,cpid,ctime,age", 0                          },
        {"size,used,owner",                               NEED_VALUES                },
        {"cpid_state",                                    NEED_VERDICTS              },
        {"value",                                         NEED_VALUES                },
        {"users",                                         NEED_USERS | NEED_WAITERS  },
        {"mapped",                                        NEED_USERS                 },
        {"semaphores,lpid_state",                         NEED_VALUES | NEED_VERDICTS},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct column_choice choice;
        assert_int_equal(columns_choose(&choice, 0, cases[i].columns), 0);
        assert_int_equal(columns_needs(&choice), cases[i].needs);
    }
}

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_written_for_humans),
        cmocka_unit_test(exact_values_have_no_units),
        cmocka_unit_test(rates_have_a_sign),
        cmocka_unit_test(rates_are_columns_of_their_own),
        cmocka_unit_test(other_locales_see_ascii_only),
        cmocka_unit_test(every_column_has_a_value_for_every_object),
        cmocka_unit_test(names_may_be_written_in_several_ways),
        cmocka_unit_test(choices_replace_or_add),
        cmocka_unit_test(every_kind_has_default_columns),
        cmocka_unit_test(only_what_columns_need_is_collected),
    };
    return cmocka_run_group_tests_name("columns", tests, NULL, NULL);
}
