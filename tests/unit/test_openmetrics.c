/* test_openmetrics.c - the text of metrics: hostile names stay labels, and the number of labels is bounded.
 */
#include "tests/unit/unit.h"

#include "common/strbuf.h"
#include "inspector/metrics.h"
#include "inspector/metrics_owners.h"
#include "inspector/openmetrics.h"
#include "probes/limits.h"
#include "tests/unit/sample_snapshot.h"

#include <stdio.h>
#include <string.h>

static void check_line(const char *text, const char *line)
{
    size_t length = strlen(line);
    for (const char *at = text; (at = strstr(at, line)); at++)
        if ((at == text || at[-1] == '\n') && at[length] == '\n')
            return;
    fail_msg("no line '%s' in:\n%s", line, text);
}

static size_t count_lines(const char *text, const char *start)
{
    size_t count = strncmp(text, start, strlen(start)) == 0;
    for (const char *at = text; (at = strchr(at, '\n')); at++)
        count += strncmp(at + 1, start, strlen(start)) == 0;
    return count;
}

/* What a sample of a family "x" with the bytes as its label looks like, without "shmoo_x" and value. */
static void check_label(const char *bytes, size_t length, const char *expected)
{
    AUTO_STRBUF struct strbuf text = {0}, line = {0};
    const struct openmetrics_label label = {"l", value_string(bytes, length)};
    openmetrics_sample(&text, "", "x", &label, 1, value_of(VALUE_NUMBER, 7));
    strbuf_add_format(&line, "shmoo_x{l=\"%s\"} 7\n", expected);
    assert_string_equal(strbuf_text(&text), strbuf_text(&line));
}

static void hostile_bytes_are_escaped(void **state)
{
    (void)state;
    check_label("plain", 5, "plain");
    check_label("a\"b", 3, "a\\\"b");
    check_label("a\nb", 3, "a\\\\x0ab");
    check_label("a\\b", 3, "a\\\\\\\\b");
    check_label("\"} 1\nshmoo_x 2", 14, "\\\"} 1\\\\x0ashmoo_x 2");
    check_label("\xff\xc3", 2, "\\\\xff\\\\xc3");
    check_label("\xc0\x80", 2, "\\\\xc0\\\\x80");
    check_label("\xed\xa0\x80", 3, "\\\\xed\\\\xa0\\\\x80");
    check_label("\0x", 2, "\\\\x00x");
    check_label("\033[2J", 4, "\\\\x1b[2J");
    check_label("gr\xc3\xbc\xc3\x9f", 6, "gr\xc3\xbc\xc3\x9f");
    check_label("", 0, "");
}

static void escaped_words_are_escaped_once_more_only(void **state)
{
    (void)state;
    AUTO_STRBUF struct strbuf text = {0};
    const struct openmetrics_label labels[] = {
        {"none",                   {0}},
        {     "word", value_word("a\\x0a\"b")   },
        { "uid",             value_of(VALUE_NUMBER,                4294967295)},
    };
    openmetrics_sample(&text, "p_", "x", labels, COUNT_OF(labels), value_of(VALUE_NUMBER, UINT64_MAX));
    assert_string_equal(strbuf_text(&text),
                        "shmoo_p_x{word=\"a\\\\x0a\\\"b\",uid=\"4294967295\"} 18446744073709551615\n");
}

static void values_have_base_units(void **state)
{
    (void)state;
    AUTO_STRBUF struct strbuf text = {0};
    openmetrics_sample(&text, "", "x", NULL, 0, value_of(VALUE_DURATION, UINT64_C(1500000007)));
    openmetrics_sample(&text, "", "x", NULL, 0, value_of(VALUE_PERCENT, 7));
    openmetrics_sample(&text, "", "x", NULL, 0, value_of(VALUE_PERCENT, 100));
    openmetrics_sample(&text, "", "x", NULL, 0, (struct value){0});
    openmetrics_sample(&text, "", "x", NULL, 0, (struct value){.type = VALUE_DENIED});
    assert_string_equal(strbuf_text(&text), "shmoo_x 1.500000007\nshmoo_x 0.07\nshmoo_x 1.00\n");
}

static void family_has_help_type_and_unit(void **state)
{
    (void)state;
    AUTO_STRBUF struct strbuf text = {0};
    openmetrics_family(&text, "", "a_bytes", "bytes", "What.");
    openmetrics_family(&text, "", "b", "", "That.");
    openmetrics_end(&text);
    assert_string_equal(strbuf_text(&text),
                        "# HELP shmoo_a_bytes What.\n# TYPE shmoo_a_bytes gauge\n# UNIT shmoo_a_bytes bytes\n"
                        "# HELP shmoo_b That.\n# TYPE shmoo_b gauge\n# EOF\n");
}

/* --- whole pages --- */

/* Renders objects of the sample as they are, with the limits. */
static void render(struct snapshot *snapshot, struct limits *limits, uint64_t each, struct strbuf *text)
{
    uint32_t stuck[SAMPLE_COUNT] = {[SAMPLE_SET] = 1};
    bool orphans[SAMPLE_COUNT] = {[SAMPLE_FILE] = true};
    struct metrics metrics = {
        .look.snapshot = snapshot, .limits = limits, .stuck = stuck, .orphans = orphans, .duration = 3000000};
    assert_int_equal(metrics_render(&metrics, each, text), 0);
}

static void sums_are_by_kind_and_owner(void **state)
{
    (void)state;
    AUTO_STRBUF struct strbuf text = {0};
    struct snapshot snapshot = sample;
    struct limits limits = {0};
    render(&snapshot, &limits, 0, &text);
    const char *page = strbuf_text(&text);
    check_line(page, "shmoo_objects{kind=\"sysv-shm\",uid=\"0\",owner=\"root\"} 1");
    check_line(page, "shmoo_objects{kind=\"sysv-sem\",uid=\"4000000\",owner=\"4000000\"} 1");
    check_line(page, "shmoo_objects{kind=\"posix-shm\"} 1");
    check_line(page, "shmoo_size_bytes{kind=\"sysv-shm\",uid=\"0\",owner=\"root\"} 2097152");
    check_line(page, "shmoo_mapped_bytes{kind=\"sysv-shm\",uid=\"0\",owner=\"root\"} 2101248");
    check_line(page, "shmoo_users{kind=\"sysv-shm\",uid=\"0\",owner=\"root\"} 2");
    check_line(page, "shmoo_waiters{kind=\"sysv-sem\",uid=\"4000000\",owner=\"4000000\"} 1");
    check_line(page, "shmoo_stuck_threads{kind=\"sysv-sem\",uid=\"4000000\",owner=\"4000000\"} 1");
    check_line(page, "shmoo_messages{kind=\"posix-mq\"} 9");
    check_line(page, "shmoo_full_ratio{kind=\"posix-mq\"} 0.90");
    check_line(page, "shmoo_orphans{kind=\"posix-shm\"} 1");
    check_line(page, "shmoo_orphan_size_bytes{kind=\"posix-shm\"} 4096");
    check_line(page, "shmoo_orphans{kind=\"posix-mq\"} 0");
    check_line(page, "shmoo_unreadable_processes{source=\"maps\",error=\"EACCES\"} 14");
    check_line(page, "shmoo_unreadable_places{source=\"mqueue\",error=\"EPERM\"} 1");
    check_line(page, "shmoo_all_processes_visible 1");
    check_line(page, "shmoo_collect_duration_seconds 0.003000000");
    check_line(page, "# UNIT shmoo_size_bytes bytes");
    assert_int_equal(count_lines(page, "shmoo_object_"), 0);
    assert_string_equal(page + text.length - strlen("\n# EOF\n"), "\n# EOF\n");
}

static void each_object_is_a_label(void **state)
{
    (void)state;
    AUTO_STRBUF struct strbuf text = {0};
    struct snapshot snapshot = sample;
    struct limits limits = {0};
    render(&snapshot, &limits, KIND_BIT(posix_shm), &text);
    const char *page = strbuf_text(&text);
    check_line(page, "shmoo_object_size_bytes{object=\"posix-shm:/"
                     "a\\\\x0a\\\\x1b\\\"b\\\\\\\\c\",kind=\"posix-shm\"} 4096");
    assert_int_equal(count_lines(page, "shmoo_object_size_bytes{"), 1);
    assert_int_equal(count_lines(page, "shmoo_object_objects"), 0);
}

static void limits_have_two_units(void **state)
{
    (void)state;
    AUTO_STRBUF struct strbuf text = {0};
    struct snapshot snapshot = sample;
    const struct limit items[] = {
        {.name = "shmmni",           .use = SAMPLE_NUMBER(NUMBER, 3), .maximum = SAMPLE_NUMBER(NUMBER, 4096)},
        { .name = "tmpfs_size",
         .place = "/a\\x22b",
         .use = SAMPLE_NUMBER(BYTES,                             10),
         .maximum = SAMPLE_NUMBER(BYTES,                                                                 20)},
        { .name = "msgqueue",
         .user = SAMPLE_NUMBER(USER,                          0),
         .use = SAMPLE_NUMBER(BYTES,                                                               5),
         .unlimited = true},
    };
    struct limits limits = {.items = items, .count = COUNT_OF(items)};
    render(&snapshot, &limits, 0, &text);
    const char *page = strbuf_text(&text);
    check_line(page, "shmoo_limit_use{limit=\"shmmni\"} 3");
    check_line(page, "shmoo_limit_maximum{limit=\"shmmni\"} 4096");
    check_line(page, "shmoo_limit_use_bytes{limit=\"tmpfs_size\",place=\"/a\\\\x22b\"} 10");
    check_line(page, "shmoo_limit_maximum_bytes{limit=\"tmpfs_size\",place=\"/a\\\\x22b\"} 20");
    check_line(page, "shmoo_limit_use_bytes{limit=\"msgqueue\",uid=\"0\",owner=\"root\"} 5");
    assert_int_equal(count_lines(page, "shmoo_limit_maximum_bytes{"), 1);
}

/* --- many owners --- */

enum { MANY = 2000 };

static struct object many[MANY];
static const struct object *many_order[MANY];
static uint32_t many_first_edge[MANY + 1];

/* A segment of each of so many users. */
static struct snapshot make_many(void)
{
    for (size_t i = 0; i < MANY; i++) {
        many[i] = (struct object){.kind = &kind_sysv_shm,
                                  .label = "sysv-shm:1",
                                  .index = (uint32_t)i,
                                  .fields = {[FIELD_SIZE] = SAMPLE_NUMBER(BYTES, 10)}};
        many[i].fields[FIELD_OWNER] = value_of(VALUE_USER, 5000000 + i);
        many_order[i] = &many[i];
    }
    return (struct snapshot){.objects = many_order, .object_count = MANY, .first_edge = many_first_edge};
}

static void owners_are_bounded(void **state)
{
    (void)state;
    AUTO_STRBUF struct strbuf text = {0};
    static uint32_t stuck[MANY];
    static bool orphans[MANY];
    struct snapshot snapshot = make_many();
    struct limit items[MANY] = {0};
    for (size_t i = 0; i < MANY; i++)
        items[i] = (struct limit){.name = "sigpending",
                                  .user = value_of(VALUE_USER, 5000000 + i),
                                  .use = value_of(VALUE_NUMBER, i % 1999),
                                  .maximum = SAMPLE_NUMBER(NUMBER, 2000)};
    struct limits limits = {.items = items, .count = MANY};
    struct metrics metrics = {
        .look.snapshot = &snapshot, .limits = &limits, .stuck = stuck, .orphans = orphans};
    assert_int_equal(metrics_render(&metrics, 0, &text), 0);
    const char *page = strbuf_text(&text);
    assert_int_equal(count_lines(page, "shmoo_objects{"), OWNERS_MAX + 1);
    check_line(page, "shmoo_objects{kind=\"sysv-shm\",uid=\"5000000\",owner=\"5000000\"} 1");
    check_line(page, "shmoo_objects{kind=\"sysv-shm\",uid=\"other\",owner=\"other\"} 1900");
    check_line(page, "shmoo_size_bytes{kind=\"sysv-shm\",uid=\"other\",owner=\"other\"} 19000");
    assert_int_equal(count_lines(page, "shmoo_limit_use{"), OWNERS_MAX + 1);
    check_line(page, "shmoo_limit_use{limit=\"sigpending\",uid=\"other\",owner=\"other\"} 1980");
}

static void sums_do_not_wrap(void **state)
{
    (void)state;
    AUTO_STRBUF struct strbuf text = {0};
    static uint32_t stuck[MANY];
    static bool orphans[MANY];
    struct snapshot snapshot = make_many();
    struct limits limits = {0};
    for (size_t i = 0; i < MANY; i++) {
        many[i].fields[FIELD_OWNER] = value_of(VALUE_USER, 0);
        many[i].fields[FIELD_SIZE] = value_of(VALUE_BYTES, INT64_MAX);
    }
    struct metrics metrics = {
        .look.snapshot = &snapshot, .limits = &limits, .stuck = stuck, .orphans = orphans};
    assert_int_equal(metrics_render(&metrics, 0, &text), 0);
    check_line(strbuf_text(&text),
               "shmoo_size_bytes{kind=\"sysv-shm\",uid=\"0\",owner=\"root\"} 18446744073709551615");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_bytes_are_escaped),
        cmocka_unit_test(escaped_words_are_escaped_once_more_only),
        cmocka_unit_test(values_have_base_units),
        cmocka_unit_test(family_has_help_type_and_unit),
        cmocka_unit_test(sums_are_by_kind_and_owner),
        cmocka_unit_test(each_object_is_a_label),
        cmocka_unit_test(limits_have_two_units),
        cmocka_unit_test(owners_are_bounded),
        cmocka_unit_test(sums_do_not_wrap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
