/* test_baseline.c - what is accepted stays so when lines move, and nothing else is; hostile files are
 * refused. */
#include "inject/sweep/baseline.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "tests/unit/sample_result.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *written(const struct baseline *baseline)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    assert_int_equal(baseline_write(baseline, out), 0);
    assert_int_equal(fclose(out), 0);
    return text;
}

/* What reading a file with this text gives. */
static int read_text(const char *text, struct baseline *baseline, char *reason)
{
    char path[] = "/tmp/baseline.XXXXXX";
    AUTO_CLOSE int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    int r = baseline_read(path, baseline, reason);
    unlink(path);
    return r;
}

static size_t accepted(const struct sweep_result *result)
{
    size_t count = 0;
    array_each(&result->findings, finding) count += finding->accepted;
    return count;
}

static void all_findings_can_be_accepted(void **state)
{
    (void)state;
    struct sweep_result result = sample_result(SAMPLE_ALL, 1, 1);
    struct baseline baseline = {0}, again = {0};
    char reason[JSON_REASON_MAX] = "";
    baseline_apply(&baseline, &result);
    assert_int_equal(accepted(&result), 0);
    assert_int_equal(baseline_add(&baseline, &result), 0);
    assert_int_equal(baseline_add(&baseline, &result), 0);
    assert_int_equal(baseline.causes.count, 7);
    AUTO_FREE char *text = written(&baseline);
    assert_int_equal(read_text(text, &again, reason), 0);
    AUTO_FREE char *text_again = written(&again);
    assert_string_equal(text_again, text);
    baseline_apply(&again, &result);
    assert_int_equal(accepted(&result), result.findings.count);
    baseline_free(&baseline);
    baseline_free(&again);
    sweep_result_free(&result);
}

/* The finding of the crash in main() has two trials, in two modes. */
static void lines_and_errors_do_not_matter_but_modes_do(void **state)
{
    (void)state;
    struct sweep_result result = sample_result(0x8, 1, 1);
    struct baseline baseline = {0};
    assert_int_equal(baseline_add(&baseline, &result), 0);
    uint64_t print = baseline_fingerprint(&result, &result.outcomes.items[0]);
    struct frame moved[] = {
        {"/elsewhere/demo", 1, "main", "other.c", 999}
    };
    result.sites.items[1].frames = moved;
    result.sites.items[1].frame_count = 1;
    result.outcomes.items[0].trial.error = EACCES;
    baseline_apply(&baseline, &result);
    assert_int_equal(accepted(&result), 1);
    assert_true(baseline_fingerprint(&result, &result.outcomes.items[0]) == print);

    result.outcomes.items[0].verdict = VERDICT_hang;
    assert_int_equal(cluster_findings(&result), 0);
    baseline_apply(&baseline, &result);
    assert_int_equal(accepted(&result), 0);
    assert_false(baseline_fingerprint(&result, &result.outcomes.items[0]) == print);
    sweep_result_free(&result);

    result = sample_result(0x18, 1, 1);
    assert_int_equal(result.findings.count, 1);
    baseline_apply(&baseline, &result);
    assert_int_equal(accepted(&result), 0);
    baseline_free(&baseline);
    sweep_result_free(&result);
}

static void what_is_no_baseline_is_refused(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"",                                                                                             "line 1"                      },
        {"[]",                                                                                           "not a baseline"              },
        {"{\"schema\":2,\"accepted\":[]}",                                                               "\"schema\" is not between"   },
        {"{\"schema\":1}",                                                                               "has no \"accepted\""         },
        {"{\"schema\":1,\"accepted\":{}}",                                                               "\"accepted\" is not an array"},
        {"{\"schema\":1,\"accepted\":[1]}",                                                              "accepted 1: is not an object"},
        {"{\"schema\":1,\"accepted\":[{\"verdict\":\"crash\"}]}",                                        "accepted 1: has no \"mode\"" },
        {"{\"schema\":1,\"accepted\":[{\"verdict\":\"good\",\"mode\":\"once\"}]}",
         "accepted 1: \"verdict\" is none"                                                                                             },
        {"{\"schema\":1,\"accepted\":[{\"verdict\":\"crash\",\"mode\":\"x\"}]}",
         "accepted 1: \"mode\" is none"                                                                                                },
        {"{\"schema\":1,\"accepted\":[{\"verdict\":\"crash\",\"mode\":\"once\",\"call\":\"\\\\x00\"}]}",
         "accepted 1: a name contains a NUL"                                                                                           },
    };
    for (size_t index = 0; index < COUNT_OF(cases); index++) {
        struct baseline baseline = {0};
        char reason[JSON_REASON_MAX] = "";
        assert_int_equal(read_text(cases[index][0], &baseline, reason), -EINVAL);
        if (!strstr(reason, cases[index][1]))
            fail_msg("no '%s' in '%s'", cases[index][1], reason);
        assert_null(baseline.causes.items);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_findings_can_be_accepted),
        cmocka_unit_test(lines_and_errors_do_not_matter_but_modes_do),
        cmocka_unit_test(what_is_no_baseline_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
