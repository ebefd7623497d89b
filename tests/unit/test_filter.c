/* test_filter.c - which expressions are taken, what they select, and what is said of the others. */
#include "tests/unit/unit.h"

#include "common/strbuf.h"
#include "inspector/filter.h"
#include "tests/unit/sample_snapshot.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The objects that pass, as letters: s(egment), S(et), f(ile), q(ueue). */
static void selected(const char *expression, char found[static SAMPLE_COUNT + 1])
{
    static const char letters[] = "sSfq";
    AUTO_STRBUF struct strbuf scratch = {0};
    struct filter *filter;
    struct filter_error error;
    int r = filter_parse(expression, &filter, &error);
    if (r < 0)
        fail_msg("%s: column %zu: %s", expression, error.column, error.message);
    size_t count = 0;
    for (size_t i = 0; i < SAMPLE_COUNT; i++)
        if (filter_match(filter, &sample, &sample_objects[i], &scratch))
            found[count++] = letters[i];
    found[count] = '\0';
    filter_free(filter);
}

static void expressions_select(void **state)
{
    (void)state;
    static const struct {
        const char *expression, *objects;
    } cases[] = {
        {"size>1M",                              "s"   },
        {"size >= 2M",                           "s"   },
        {"size>2M",                              ""    },
        {"size<=4096",                           "f"   },
        {"size==4K",                             "f"   },
        {"size!=4K",                             "s"   },
        {"size<1G",                              "sf"  },
        {"users==0",                             "fq"  },
        {"users==2",                             "s"   },
        {"waiters>0",                            "S"   },
        {"age>1h",                               "s"   },
        {"age<1m30s",                            "f"   },
        {"mode==0640",                           "s"   },
        {"mode==640",                            "s"   },
        {"key==0x1234",                          "s"   },
        {"key==4660",                            "s"   },
        {"owner==root",                          "s"   },
        {"owner==0",                             "s"   },
        {"owner!=root",                          "S"   },
        {"cpid_state==alive",                    "s"   },
        {"lpid-state == dead",                   "s"   },
        {"state==live||state==deleted",          "sf"  },
        {"full>=90%",                            "q"   },
        {"full>90",                              ""    },
        {"name==/jobs",                          "q"   },
        {"name=~/j*",                            "q"   },
        {"name=~\"/j*\"",                        "q"   },
        {"name!~'/j*'",                          "f"   },
        {"name=='/a\\x0a\\x1b\"b\\\\c'",         "f"   },
        {"name==\"/a\\x0a\\x1b\\\"b\\\\c\"",     "f"   },
        {"object=~sysv-*",                       "sS"  },
        {"kind==sysv-sem",                       "S"   },
        {"size=~*97*",                           "s"   },
        {"pids=~*12",                            "s"   },
        {"ctime<2026-11-23T19:00",               "s"   },
        {"ctime>2026-11-23",                     "sf"  },
        {"!size>1M",                             "Sfq" },
        {"!(size>1M)",                           "Sfq" },
        {"!!size>1M",                            "s"   },
        {"size>1M&&users==2",                    "s"   },
        {"size>1M&&users==0",                    ""    },
        {"size>1M || users==0 && name=~*jobs",   "sq"  },
        {"(size>1M || users==0) && name=~*jobs", "q"   },
 /* What is not known or denied compares with nothing. */
        {"blocked==0",                           ""    },
        {"blocked!=0",                           ""    },
        {"blocked=~*",                           ""    },
        {"blocked!~x",                           ""    },
        {"!blocked==0",                          "sSfq"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char found[SAMPLE_COUNT + 1];
        selected(cases[i].expression, found);
        if (strcmp(found, cases[i].objects) != 0)
            fail_msg("%s: selects '%s' instead of '%s'", cases[i].expression, found, cases[i].objects);
    }
}

static void mistakes_are_named_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *expression;
        size_t column;
        const char *message;
    } cases[] = {
        {"",                         1,  "a column is expected here"                                   },
        {"  ",                       3,  "a column is expected here"                                   },
        {"size>1M && siz>1",         12, "unknown column 'siz' (did you mean 'size'?)"                 },
        {"zzzzzzzz==1",              1,  "unknown column 'zzzzzzzz'"                                   },
        {"size",                     5,  "one of == != < <= > >= =~ !~ is expected here"               },
        {"size=1",                   5,  "one of == != < <= > >= =~ !~ is expected here"               },
        {"size>",                    6,  "a value is expected here"                                    },
        {"size>1X",                  6,  "'size' takes a size such as 4096, 64K or 1.5G"               },
        {"age>1y",                   5,  "'age' takes a duration such as 90s, 1h30m or 2d"             },
        {"mode==0888",               7,  "'mode' takes permissions such as 0644"                       },
        {"users==many",              8,  "'users' takes a number"                                      },
        {"full>lots",                6,  "'full' takes a percentage such as 90%"                       },
        {"owner==no-such-user-here", 8,  "'owner' takes a user's name or uid"                          },
        {"ctime>yesterday",          7,  "'ctime' takes a time such as 2026-11-23 or 2026-11-23T19:47" },
        {"name==\"x",                7,  "this quote is not closed"                                    },
        {"name==\"x\\",              7,  "this quote is not closed"                                    },
        {"name==\"\\q\"",            7,  "a backslash stands before \\, x and two digits, or the quote"},
        {"(size>1",                  1,  "this parenthesis is not closed"                              },
        {"size>1)",                  7,  "&&, || or the end is expected here"                          },
        {"size>1 size>2",            8,  "&&, || or the end is expected here"                          },
        {"size>1 &&",                10, "a column is expected here"                                   },
        {"size>1 & size>2",          8,  "&&, || or the end is expected here"                          },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct filter *filter = NULL;
        struct filter_error error = {0};
        assert_int_equal(filter_parse(cases[i].expression, &filter, &error), -EINVAL);
        assert_null(filter);
        if (error.column != cases[i].column || strcmp(error.message, cases[i].message) != 0)
            fail_msg("%s: column %zu: %s", cases[i].expression, error.column, error.message);
    }
}

static void check_bound(const char *part, size_t count, const char *end, bool fits)
{
    AUTO_STRBUF struct strbuf text = {0};
    struct filter *filter = NULL;
    struct filter_error error;
    for (size_t i = 0; i < count; i++)
        strbuf_add_string(&text, part);
    strbuf_add_string(&text, end);
    assert_int_equal(filter_parse(strbuf_text(&text), &filter, &error), fits ? 0 : -EINVAL);
    filter_free(filter);
}

static void nesting_and_length_are_bounded(void **state)
{
    (void)state;
    check_bound("!", 49, "size>1", true);
    check_bound("!", 50, "size>1", false);
    check_bound("(", 100000, "size>1", false);
    check_bound("size>1||", 499, "size>1", true);
    check_bound("size>1||", 100000, "size>1", false);
}

static void needs_are_those_of_the_columns(void **state)
{
    (void)state;
    struct filter *filter;
    struct filter_error error;
    assert_int_equal(filter_parse("size>1M && (cpid_state==dead || !value==0)", &filter, &error), 0);
    assert_int_equal(filter_needs(filter), NEED_VERDICTS | NEED_VALUES);
    filter_free(filter);
    assert_int_equal(filter_parse("nattch>1", &filter, &error), 0);
    assert_int_equal(filter_needs(filter), 0);
    filter_free(filter);
}

int main(void)
{
    setenv("TZ", "UTC", 1);
    tzset();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_select),
        cmocka_unit_test(mistakes_are_named_with_their_place),
        cmocka_unit_test(nesting_and_length_are_bounded),
        cmocka_unit_test(needs_are_those_of_the_columns),
    };
    return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
