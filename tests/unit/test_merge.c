/* test_merge.c - shards merge into what the whole sweep would have been; what does not belong is refused. */
#include "inject/sweep/merge.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "inject/sweep/result_json.h"
#include "tests/unit/sample_result.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static char *written(const struct sweep_result *result)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    assert_int_equal(result_write(result, out), 0);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void add(struct merge *merge, struct sweep_result shard)
{
    char reason[JSON_REASON_MAX] = "";
    if (merge_add(merge, &shard, reason) < 0)
        fail_msg("%s", reason);
    assert_int_equal(shard.outcomes.count, 0);
}

static struct sweep_result finished(struct merge *merge)
{
    struct sweep_result result = {0};
    assert_int_equal(merge_finish(merge, &result), 0);
    return result;
}

static void shards_make_the_whole(void **state)
{
    (void)state;
    static const uint32_t orders[][3] = {
        {0, 1, 2},
        {2, 1, 0},
        {1, 2, 0}
    };
    struct sweep_result whole = sample_result(SAMPLE_ALL, 1, 1);
    AUTO_FREE char *expected = written(&whole);
    for (size_t index = 0; index < COUNT_OF(orders); index++) {
        struct merge merge = {0};
        for (size_t turn = 0; turn < 3; turn++) {
            uint32_t shard = orders[index][turn];
            add(&merge, sample_result(01111u << shard & SAMPLE_ALL, shard + 1, 3));
        }
        struct sweep_result result = finished(&merge);
        AUTO_FREE char *text = written(&result);
        assert_string_equal(text, expected);
        sweep_result_free(&result);
    }
    sweep_result_free(&whole);
}

static void sites_are_told_by_call_and_stack(void **state)
{
    (void)state;
    struct sweep_result whole = sample_result(SAMPLE_ALL, 1, 1);
    struct sweep_result second = sample_result(0x3e0, 2, 2);
    struct site swapped = second.sites.items[0];
    second.sites.items[0] = second.sites.items[2];
    second.sites.items[2] = swapped;
    array_each(&second.outcomes, outcome) outcome->trial.site = outcome->trial.site == 2 ? 0
                                                                : outcome->trial.site == 0
                                                                    ? 2
                                                                    : outcome->trial.site;
    struct merge merge = {0};
    add(&merge, sample_result(0x1f, 1, 2));
    add(&merge, second);
    struct sweep_result result = finished(&merge);
    AUTO_FREE char *expected = written(&whole);
    AUTO_FREE char *text = written(&result);
    assert_string_equal(text, expected);
    sweep_result_free(&result);
    sweep_result_free(&whole);
}

static void what_is_missing_is_said(void **state)
{
    (void)state;
    struct merge merge = {0};
    add(&merge, sample_result(0x3, 2, 4));
    struct sweep_result result = finished(&merge);
    assert_true(result.complete && result.shard == 2 && result.shards == 4);
    assert_string_equal(result.notes.items[1], "missing: shards 1, 3, 4 of 4");

    struct merge more = {0};
    add(&more, result);
    add(&more, sample_result(0xc, 3, 4));
    result = finished(&more);
    assert_false(result.complete);
    assert_int_equal(result.notes.count, 2);
    assert_string_equal(result.notes.items[1], "missing: shards 1, 4 of 4");

    struct merge all = {0};
    add(&all, result);
    add(&all, sample_result(0x3f0, 1, 4));
    result = finished(&all);
    assert_true(result.complete);
    assert_int_equal(result.notes.count, 1);
    sweep_result_free(&result);
}

static void an_interrupted_sweep_is_not_whole(void **state)
{
    (void)state;
    struct sweep_result half = sample_result(0x1f, 1, 1);
    half.complete = false;
    struct merge merge = {0};
    add(&merge, half);
    struct sweep_result result = finished(&merge);
    assert_false(result.complete);
    assert_string_equal(result.notes.items[1], "missing: 5 of 10 trials");
    sweep_result_free(&result);
}

static void two_verdicts_are_flaky(void **state)
{
    (void)state;
    struct sweep_result other = sample_result(0x3, 1, 1);
    other.outcomes.items[0].verdict = VERDICT_hang;
    other.outcomes.items[0].reason = "hung";
    struct merge merge = {0};
    add(&merge, sample_result(SAMPLE_ALL, 1, 1));
    add(&merge, other);
    struct sweep_result result = finished(&merge);
    assert_int_equal(result.outcomes.count, SAMPLE_OUTCOMES);
    assert_true(result.outcomes.items[0].flaky && result.outcomes.items[0].verdict == VERDICT_hang);
    assert_string_equal(result.outcomes.items[0].reason, "hung");
    assert_false(result.outcomes.items[1].flaky);
    sweep_result_free(&result);
}

static void refused(struct sweep_result other, const char *why)
{
    struct merge merge = {0};
    add(&merge, sample_result(0x1f, 1, 2));
    char reason[JSON_REASON_MAX] = "";
    assert_int_equal(merge_add(&merge, &other, reason), -EINVAL);
    assert_string_equal(reason, why);
    assert_int_equal(merge.result.outcomes.count, 5);
    sweep_result_free(&other);
    merge_free(&merge);
}

static void other_sweeps_are_refused(void **state)
{
    (void)state;
    static char *command[] = {"./demo", NULL};
    struct sweep_result other = sample_result(0x3e0, 2, 2);
    other.command = command;
    refused(other, "is the sweep of another command");
    other = sample_result(0x3e0, 2, 2);
    other.engine = "seccomp";
    refused(other, "was made with the other engine");
    other = sample_result(0x3e0, 2, 2);
    other.seed = 1;
    refused(other, "was made with another seed");
    other = sample_result(0x3e0, 2, 2);
    other.planned++;
    refused(other, "has another number of planned trials");
    other = sample_result(0x3e0, 2, 2);
    other.sites.count--;
    refused(other, "has another number of places that make calls");
    other = sample_result(0x3e0, 2, 2);
    other.sites.items[1].stack_hash++;
    refused(other, "has other places that make calls");
    other = sample_result(0x3f0, 2, 2);
    other.outcomes.items[0].trial.error = EPERM;
    refused(other, "trial 5 is another one: not of the same plan");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(shards_make_the_whole),   cmocka_unit_test(sites_are_told_by_call_and_stack),
        cmocka_unit_test(what_is_missing_is_said), cmocka_unit_test(an_interrupted_sweep_is_not_whole),
        cmocka_unit_test(two_verdicts_are_flaky),  cmocka_unit_test(other_sweeps_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
