/* The shared plan: rules that come and go, the log that fills and empties, damaged plans. */
#include "tests/unit/unit.h"

#include "inject/plan.h"
#include "inject/rule_parse.h"

#include <errno.h>
#include <pthread.h>

enum { SLOTS = 8, WRITERS = 4, EVENTS = 2000 };

static struct plan *new_plan(uint32_t slots)
{
    struct plan *plan = calloc(1, plan_size(slots));
    assert_non_null(plan);
    plan_init(plan, slots, 0);
    return plan;
}

static void test_rules_switch(void **state)
{
    (void)state;
    struct plan *plan = new_plan(0);
    struct rule rule;
    struct rule_error error;
    assert_int_equal(rule_parse("shm_open,mmap:error=ENOMEM", &rule, &error), 0);
    assert_int_equal(plan_add(plan, &rule), 0);
    assert_int_equal(plan_add(plan, &rule), 1);
    assert_true(plan->watch[CALL_shm_open].rules == 3 && plan->watch[CALL_mmap].rules == 3);
    assert_int_equal(plan_switch(plan, 0, PLAN_RULE_OFF), 0);
    assert_true(plan->watch[CALL_shm_open].rules == 2);
    assert_int_equal(plan_switch(plan, 0, PLAN_RULE_DELETED), 0);
    assert_int_equal(plan_switch(plan, 0, PLAN_RULE_ON), -ENOENT);
    assert_int_equal(plan_switch(plan, 9, PLAN_RULE_ON), -ENOENT);
    int last = 1;
    while (plan_add(plan, &rule) >= 0)
        last++;
    assert_int_equal(last, PLAN_RULES_MAX - 1);
    free(plan);
}

enum { ADDERS = 8, ADDED = 7, TRIES = 200 };

struct adder {
    struct plan *plan;
    struct rule rule;
    uint64_t first_seed;
    pthread_barrier_t *together;
};

static void *add_rules(void *argument)
{
    struct adder *adder = argument;
    pthread_barrier_wait(adder->together);
    for (uint64_t index = 0; index < ADDED; index++) {
        adder->rule.seed = adder->first_seed + index;
        int number = plan_add(adder->plan, &adder->rule);
        plan_switch(adder->plan, (unsigned)number, PLAN_RULE_OFF);
        plan_switch(adder->plan, (unsigned)number, PLAN_RULE_ON);
        plan_switch(adder->plan, 0, index % 2 ? PLAN_RULE_OFF : PLAN_RULE_ON);
    }
    return NULL;
}

/* Two terminals and a dashboard may change one run: no rule is lost, and what is on is watched. */
static void test_many_change_rules(void **state)
{
    (void)state;
    struct rule rule;
    struct rule_error error;
    assert_int_equal(rule_parse("mmap:error=ENOMEM", &rule, &error), 0);
    for (int try = 0; try < TRIES; try++) {
        struct plan *plan = new_plan(0);
        struct adder adders[ADDERS];
        pthread_t threads[ADDERS];
        pthread_barrier_t together;
        pthread_barrier_init(&together, NULL, ADDERS);
        plan_add(plan, &rule);
        for (uint64_t index = 0; index < ADDERS; index++) {
            adders[index] = (struct adder){plan, rule, 1 + index * ADDED, &together};
            assert_int_equal(pthread_create(&threads[index], NULL, add_rules, &adders[index]), 0);
        }
        for (size_t index = 0; index < ADDERS; index++)
            pthread_join(threads[index], NULL);
        uint64_t seeds = 0;
        assert_int_equal(plan_rule_count(plan), 1 + ADDERS * ADDED);
        for (uint32_t number = 0; number < plan_rule_count(plan); number++) {
            seeds |= 1ULL << plan->rules[number].rule.seed;
            bool on = plan->rules[number].state == PLAN_RULE_ON;
            assert_int_equal(plan->watch[CALL_mmap].rules >> number & 1, on);
        }
        assert_true(seeds == (1ULL << (1 + ADDERS * ADDED)) - 1);
        pthread_barrier_destroy(&together);
        free(plan);
    }
}

static void test_log_keeps_order_and_counts_what_is_lost(void **state)
{
    (void)state;
    struct plan *plan = new_plan(SLOTS);
    struct plan_reader reader = plan_reader_start(plan);
    struct event event = {0};
    assert_false(plan_read(&reader, &event));
    for (int32_t pid = 0; pid < SLOTS + 3; pid++)
        assert_int_equal(plan_log(plan, &(struct event){.pid = pid}), pid < SLOTS);
    assert_int_equal(plan->lost, 3);
    for (int32_t pid = 0; pid < SLOTS; pid++) {
        assert_true(plan_read(&reader, &event));
        assert_int_equal(event.pid, pid);
    }
    assert_false(plan_read(&reader, &event));
    assert_false(plan_skip(&reader));
    free(plan);
}

static void test_a_writer_that_died_is_skipped(void **state)
{
    (void)state;
    struct plan *plan = new_plan(SLOTS);
    struct plan_reader reader = plan_reader_start(plan);
    struct event event;
    plan->head++; /* claimed, never written */
    assert_true(plan_log(plan, &(struct event){.pid = 7}));
    assert_false(plan_read(&reader, &event));
    assert_true(plan_skip(&reader));
    assert_true(plan_read(&reader, &event));
    assert_int_equal(event.pid, 7);
    free(plan);
}

static void *write_events(void *argument)
{
    struct plan *plan = argument;
    for (int index = 0; index < EVENTS; index++)
        plan_log(plan, &(struct event){.pid = index, .tid = index});
    return NULL;
}

static void test_many_writers(void **state)
{
    (void)state;
    struct plan *plan = new_plan(64);
    struct plan_reader reader = plan_reader_start(plan);
    pthread_t threads[WRITERS];
    for (size_t index = 0; index < WRITERS; index++)
        assert_int_equal(pthread_create(&threads[index], NULL, write_events, plan), 0);
    uint64_t read = 0;
    struct event event;
    while (read + plan->lost < WRITERS * EVENTS)
        if (plan_read(&reader, &event)) {
            assert_int_equal(event.pid, event.tid);
            read++;
        }
    for (size_t index = 0; index < WRITERS; index++)
        pthread_join(threads[index], NULL);
    assert_true(read > 0);
    assert_false(plan_read(&reader, &event));
    free(plan);
}

static void test_a_plan_full_of_nonsense_is_read_without_harm(void **state)
{
    (void)state;
    struct plan *plan = new_plan(SLOTS);
    struct plan_reader reader = plan_reader_start(plan);
    struct event event;
    memset(plan, 0xff, plan_size(SLOTS));
    plan->slots[0].turn = 1;
    assert_true(plan_read(&reader, &event));
    assert_true(event.call < CALL_COUNT && event.rule < PLAN_RULES_MAX);
    assert_true(strlen(event.name) < sizeof(event.name) && strlen(event.module) < sizeof(event.module));
    for (int tries = 0; tries < 3 * SLOTS; tries++)
        plan_skip(&reader);
    assert_int_equal(plan_rule_count(plan), PLAN_RULES_MAX);
    char text[RULE_TEXT_MAX];
    plan_rule_text(&plan->rules[0], text);
    assert_int_equal(strlen(text), RULE_TEXT_MAX - 1);
    free(plan);
}

static void test_other_versions_and_sizes_are_refused(void **state)
{
    (void)state;
    struct plan *plan = new_plan(SLOTS);
    size_t size = plan_size(SLOTS);
    assert_true(plan_valid(plan, size));
    assert_false(plan_valid(plan, size - 1));
    assert_false(plan_valid(plan, 8));
    plan->slot_count = 1U << 30;
    assert_false(plan_valid(plan, size));
    plan->slot_count = SLOTS;
    plan->version++;
    assert_false(plan_valid(plan, size));
    free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules_switch),
        cmocka_unit_test(test_many_change_rules),
        cmocka_unit_test(test_log_keeps_order_and_counts_what_is_lost),
        cmocka_unit_test(test_a_writer_that_died_is_skipped),
        cmocka_unit_test(test_many_writers),
        cmocka_unit_test(test_a_plan_full_of_nonsense_is_read_without_harm),
        cmocka_unit_test(test_other_versions_and_sizes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
