/* What a sweep records of a clean run: the same, however the processes took turns. */
#include "tests/unit/unit.h"

#include "inject/plan.h"
#include "inject/sweep/record.h"

enum { PARENT = 2, CHILD = 3 };

struct seen_call {
    int32_t tid;
    int call;
    uint64_t stack;
};

static void record_calls(struct record *record, const struct seen_call *calls_seen, size_t count)
{
    for (size_t index = 0; index < count; index++)
        record_add(record, &(struct event){.pid = calls_seen[index].tid,
                                           .tid = calls_seen[index].tid,
                                           .call = (uint16_t)calls_seen[index].call,
                                           .stack = calls_seen[index].stack});
    assert_false(record->failed);
    assert_int_equal(record_resolve(record), 0);
}

static void check_site(const struct record *record, size_t index, uint64_t stack, uint32_t occurrences)
{
    assert_int_equal(record->result->sites.items[index].stack_hash, stack);
    assert_int_equal(record->result->sites.items[index].occurrences, occurrences);
}

static void check_order(const struct seen_call *calls_seen, size_t count)
{
    struct sweep_result result = {0};
    struct record record = {.result = &result, .depth = 2};
    record_calls(&record, calls_seen, count);
    assert_int_equal(result.sites.count, 4);
    check_site(&record, 0, 10, 1);
    check_site(&record, 1, 30, 2);
    check_site(&record, 2, 20, 1);
    check_site(&record, 3, 40, 1);
    uint32_t last = 0;
    array_each(&record.occurrences, occurrence)
    {
        assert_true(occurrence->site >= last);
        assert_int_equal(occurrence->facts.call, result.sites.items[occurrence->site].call);
        last = occurrence->site;
    }
    record_free(&record);
    sweep_result_free(&result);
}

static void test_sites_have_one_order(void **state)
{
    (void)state;
    static const struct seen_call parent_first[] = {
        {PARENT, CALL_shm_open, 10},
        {PARENT, CALL_sem_wait, 30},
        {CHILD,  CALL_sem_wait, 30},
        {PARENT, CALL_sem_post, 20},
        {CHILD,  CALL_mq_open,  40},
    };
    static const struct seen_call child_first[] = {
        {PARENT, CALL_shm_open, 10},
        {CHILD,  CALL_sem_wait, 30},
        {CHILD,  CALL_mq_open,  40},
        {PARENT, CALL_sem_wait, 30},
        {PARENT, CALL_sem_post, 20},
    };
    check_order(parent_first, COUNT_OF(parent_first));
    check_order(child_first, COUNT_OF(child_first));
}

static void test_the_first_calls_of_a_site_are_kept_and_the_last(void **state)
{
    (void)state;
    struct sweep_result result = {0};
    struct record record = {.result = &result, .depth = 2};
    struct seen_call calls_seen[10];
    for (size_t index = 0; index < COUNT_OF(calls_seen); index++)
        calls_seen[index] = (struct seen_call){PARENT, CALL_sem_post, 7};
    record_calls(&record, calls_seen, COUNT_OF(calls_seen));
    assert_int_equal(record.occurrences.count, 3);
    assert_int_equal(record.occurrences.items[0].number, 1);
    assert_int_equal(record.occurrences.items[1].number, 2);
    assert_int_equal(record.occurrences.items[2].number, 10);
    record_free(&record);
    sweep_result_free(&result);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sites_have_one_order),
        cmocka_unit_test(test_the_first_calls_of_a_site_are_kept_and_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
