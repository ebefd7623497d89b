/* test_delta.c - what a difference of two snapshots says: who came, who went, what changed, and how fast. */
#include "tests/unit/unit.h"

#include "inspector/delta.h"
#include "tests/unit/changeable_snapshot.h"

static const uint64_t all_kinds = (UINT64_C(1) << KIND_COUNT) - 1;

struct pair {
    struct changeable before, after;
    struct delta delta;
};

static int make_pair(void **state)
{
    struct pair *pair = calloc(1, sizeof(*pair));
    if (!pair)
        return -1;
    changeable_make(&pair->before, 0);
    changeable_make(&pair->after, 2);
    *state = pair;
    return 0;
}

static int free_pair(void **state)
{
    struct pair *pair = *state;
    delta_free(&pair->delta);
    free(pair);
    return 0;
}

static void compare_kinds(struct pair *pair, uint64_t compared)
{
    assert_int_equal(delta_make(&pair->before.snapshot, &pair->after.snapshot, compared, &pair->delta), 0);
}

static void compare(struct pair *pair)
{
    compare_kinds(pair, all_kinds);
}

static void nothing_changes_between_equals(void **state)
{
    struct pair *pair = *state;
    compare(pair);
    assert_int_equal(pair->delta.vanished_count, 0);
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        struct rates rates;
        assert_int_equal(pair->delta.previous[i], i);
        assert_int_equal(pair->delta.changed[i], 0);
        assert_false(delta_appeared(&pair->delta, &pair->after.objects[i]));
        assert_true(delta_rates(&pair->delta, &pair->after.objects[i], &rates));
        assert_false(rates.bytes.change || rates.messages.change || rates.attachments.change);
    }
}

static void without_a_before_nothing_appeared(void **state)
{
    struct pair *pair = *state;
    struct rates rates;
    assert_int_equal(delta_make(NULL, &pair->after.snapshot, all_kinds, &pair->delta), 0);
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        assert_false(delta_appeared(&pair->delta, &pair->after.objects[i]));
        assert_false(delta_rates(&pair->delta, &pair->after.objects[i], &rates));
    }
}

static void what_came_and_went_is_told(void **state)
{
    struct pair *pair = *state;
    changeable_drop_last(&pair->after);
    compare(pair);
    assert_int_equal(pair->delta.vanished_count, 1);
    assert_int_equal(pair->delta.vanished[0], SAMPLE_QUEUE);
    delta_free(&pair->delta);

    changeable_drop_last(&pair->before);
    changeable_make(&pair->after, 2);
    compare(pair);
    assert_int_equal(pair->delta.vanished_count, 0);
    assert_true(delta_appeared(&pair->delta, &pair->after.objects[SAMPLE_QUEUE]));
    assert_false(delta_appeared(&pair->delta, &pair->after.objects[SAMPLE_SEGMENT]));
}

static void a_kind_not_collected_both_times_neither_comes_nor_goes(void **state)
{
    struct pair *pair = *state;
    changeable_drop_last(&pair->after);
    compare_kinds(pair, all_kinds & ~KIND_BIT(posix_mq));
    assert_int_equal(pair->delta.vanished_count, 0);
    delta_free(&pair->delta);

    changeable_drop_last(&pair->before);
    changeable_make(&pair->after, 2);
    compare_kinds(pair, all_kinds & ~KIND_BIT(posix_mq));
    assert_false(delta_appeared(&pair->delta, &pair->after.objects[SAMPLE_QUEUE]));
}

/* The name is the same and so is the number, as inodes come back: the time of birth tells. */
static void a_successor_is_another_object(void **state)
{
    struct pair *pair = *state;
    pair->after.objects[SAMPLE_FILE].identity.generation++;
    compare(pair);
    assert_int_equal(pair->delta.vanished_count, 1);
    assert_int_equal(pair->delta.vanished[0], SAMPLE_FILE);
    assert_true(delta_appeared(&pair->delta, &pair->after.objects[SAMPLE_FILE]));
}

/* IPC_SET moves the ctime of a System V object, which is its generation. */
static void the_same_id_of_the_same_creator_stays_the_same_object(void **state)
{
    struct pair *pair = *state;
    pair->after.objects[SAMPLE_SEGMENT].identity.generation++;
    compare(pair);
    assert_int_equal(pair->delta.previous[SAMPLE_SEGMENT], SAMPLE_SEGMENT);
    delta_free(&pair->delta);

    pair->after.objects[SAMPLE_SEGMENT].fields[FIELD_CPID].number++;
    compare(pair);
    assert_int_equal(pair->delta.previous[SAMPLE_SEGMENT], DELTA_NONE);
    assert_int_equal(pair->delta.vanished_count, 1);
}

static void the_same_number_of_another_kind_is_another_object(void **state)
{
    struct pair *pair = *state;
    pair->after.objects[SAMPLE_SEGMENT].kind = &kind_sysv_msg;
    compare(pair);
    assert_int_equal(pair->delta.previous[SAMPLE_SEGMENT], DELTA_NONE);
}

static void each_change_has_its_bit(void **state)
{
    struct pair *pair = *state;
    pair->after.objects[SAMPLE_SEGMENT].fields[FIELD_SIZE].number *= 2;
    pair->after.objects[SAMPLE_FILE].fields[FIELD_STATE] = (struct value)SAMPLE_TEXT(WORD, "live");
    pair->after.objects[SAMPLE_QUEUE].fields[FIELD_MESSAGES].type = VALUE_DENIED;
    changeable_drop_user(&pair->after);
    changeable_drop_waiter(&pair->after);
    compare(pair);
    assert_int_equal(pair->delta.changed[SAMPLE_SEGMENT], DELTA_FIELD(FIELD_SIZE) | DELTA_USERS);
    assert_int_equal(pair->delta.changed[SAMPLE_SET], DELTA_WAITERS);
    assert_int_equal(pair->delta.changed[SAMPLE_FILE], DELTA_FIELD(FIELD_STATE));
    assert_int_equal(pair->delta.changed[SAMPLE_QUEUE], DELTA_FIELD(FIELD_MESSAGES));
}

static void check_rate(struct value rate, enum value_type type, int64_t change)
{
    assert_int_equal(rate.type, type);
    assert_int_equal(rate.change, change);
}

static void rates_are_growth_per_second(void **state)
{
    struct pair *pair = *state;
    struct rates rates;
    pair->before.objects[SAMPLE_SEGMENT].fields[FIELD_USED] = (struct value)SAMPLE_NUMBER(BYTES, 8192);
    pair->after.objects[SAMPLE_SEGMENT].fields[FIELD_USED] = (struct value)SAMPLE_NUMBER(BYTES, 4096);
    pair->after.objects[SAMPLE_QUEUE].fields[FIELD_MESSAGES].number += 6;
    changeable_drop_user(&pair->after);
    compare(pair);
    assert_true(delta_rates(&pair->delta, &pair->after.objects[SAMPLE_SEGMENT], &rates));
    check_rate(rates.bytes, VALUE_BYTE_RATE, -2048);
    check_rate(rates.attachments, VALUE_RATE, -500);
    check_rate(rates.messages, VALUE_NONE, 0);
    assert_true(delta_rates(&pair->delta, &pair->after.objects[SAMPLE_QUEUE], &rates));
    check_rate(rates.messages, VALUE_RATE, 3000);
    check_rate(rates.bytes, VALUE_NONE, 0);
}

static void absurd_growth_is_as_much_as_fits(void **state)
{
    struct pair *pair = *state;
    struct rates rates;
    pair->before.objects[SAMPLE_SEGMENT].fields[FIELD_NATTCH] = (struct value)SAMPLE_NUMBER(NUMBER, 0);
    pair->after.objects[SAMPLE_SEGMENT].fields[FIELD_NATTCH] =
        (struct value)SAMPLE_NUMBER(NUMBER, UINT64_MAX);
    compare(pair);
    assert_true(delta_rates(&pair->delta, &pair->after.objects[SAMPLE_SEGMENT], &rates));
    check_rate(rates.attachments, VALUE_RATE, INT64_C(9000000000000000000));
}

static void attachments_are_what_the_kernel_counts(void **state)
{
    struct pair *pair = *state;
    struct rates rates;
    pair->before.objects[SAMPLE_SEGMENT].fields[FIELD_NATTCH] = (struct value)SAMPLE_NUMBER(NUMBER, 3);
    pair->after.objects[SAMPLE_SEGMENT].fields[FIELD_NATTCH] = (struct value)SAMPLE_NUMBER(NUMBER, 7);
    compare(pair);
    assert_true(delta_rates(&pair->delta, &pair->after.objects[SAMPLE_SEGMENT], &rates));
    check_rate(rates.attachments, VALUE_RATE, 2000);
}

static void there_is_no_rate_without_time(void **state)
{
    struct pair *pair = *state;
    struct rates rates;
    pair->after.snapshot.time = pair->before.snapshot.time;
    compare(pair);
    assert_false(delta_rates(&pair->delta, &pair->after.objects[SAMPLE_SEGMENT], &rates));
    delta_free(&pair->delta);
    pair->after.snapshot.time = pair->before.snapshot.time - 1;
    compare(pair);
    assert_false(delta_rates(&pair->delta, &pair->after.objects[SAMPLE_SEGMENT], &rates));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_pair, free_pair)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_changes_between_equals),
        TEST(without_a_before_nothing_appeared),
        TEST(what_came_and_went_is_told),
        TEST(a_kind_not_collected_both_times_neither_comes_nor_goes),
        TEST(a_successor_is_another_object),
        TEST(the_same_id_of_the_same_creator_stays_the_same_object),
        TEST(the_same_number_of_another_kind_is_another_object),
        TEST(each_change_has_its_bit),
        TEST(rates_are_growth_per_second),
        TEST(absurd_growth_is_as_much_as_fits),
        TEST(attachments_are_what_the_kernel_counts),
        TEST(there_is_no_rate_without_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
