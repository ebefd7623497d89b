/* The sieve of a call: what it stops, no rule matches; alone it stops all that one rule's size and flags
 * exclude. */
#include "tests/unit/unit.h"

#include "common/array.h"
#include "inject/decide.h"
#include "inject/plan.h"
#include "inject/rule_parse.h"

static const uint64_t sizes[] = {0, 1, 4095, 4096, 4097, 1 << 20, UINT64_MAX};
static const uint64_t flags[] = {0, 1, 2, 0100, 0200, 0300, 0301, 01000, 02000, 0xffffffff, UINT64_MAX};

static struct plan *plan_of(const char *const *rules, size_t count)
{
    struct plan *plan = calloc(1, plan_size(0));
    assert_non_null(plan);
    plan_init(plan, 0, 0);
    for (size_t index = 0; index < count; index++) {
        struct rule rule;
        struct rule_error error = {0};
        if (rule_parse(rules[index], &rule, &error) < 0)
            fail_msg("%s: %s", rules[index], error.message);
        assert_int_equal(plan_add(plan, &rule), (int)index);
    }
    return plan;
}

static bool all_exclude(const struct plan *plan, unsigned number, uint64_t size, uint64_t bits)
{
    struct facts facts = {.call = (uint16_t)number};
    int size_at = call_param(&calls[number], ROLE_SIZE);
    int flags_at = call_flags_param(&calls[number]);
    if (size_at >= 0)
        facts.arguments[size_at] = size;
    if (flags_at >= 0)
        facts.arguments[flags_at] = bits;
    for (uint64_t rules = plan->watch[number].rules; rules; rules &= rules - 1)
        if (!decide_excludes(&plan->rules[__builtin_ctzll(rules)].rule, &facts))
            return false;
    return true;
}

/* Calls one of sizes[] and flags[] each, as a wrapper would. Returns how many the sieve stopped. */
static unsigned check(const struct plan *plan, unsigned number, bool exactly)
{
    bool sized = call_param(&calls[number], ROLE_SIZE) >= 0;
    bool flagged = call_flags_param(&calls[number]) >= 0;
    unsigned stopped = 0;
    for (size_t s = 0; s < COUNT_OF(sizes); s++)
        for (size_t f = 0; f < COUNT_OF(flags); f++) {
            bool stops = sieve_stops(&plan->watch[number].sieve, sized ? sizes[s] : 0,
                                     flagged ? flags[f] & UINT32_MAX : 0);
            bool excluded = all_exclude(plan, number, sizes[s], flags[f]);
            if ((stops && !excluded) || (exactly && stops != excluded))
                fail_msg("%s size %#lx flags %#lx: %s", calls[number].name, sizes[s], flags[f],
                         stops ? "stopped" : "let through");
            stopped += stops;
        }
    return stopped;
}

static void check_all(const struct plan *plan, bool exactly)
{
    for (unsigned number = 0; number < CALL_COUNT; number++)
        if (plan->watch[number].rules)
            check(plan, number, exactly);
}

static void test_one_rule(void **state)
{
    (void)state;
    static const char *const rules[] = {
        "mmap:error=ENOMEM:size>4096",
        "mmap,munmap:error=ENOMEM:size<1M:force",
        "shm_open:error=EMFILE:flags=O_CREAT",
        "shm_open:error=ENOENT:flags=!O_CREAT:force",
        "shmget:error=ENOMEM:size=4096",
        "mq_send:error=EINTR",
        "shmget:error=EEXIST:flags=IPC_CREAT|!IPC_EXCL:force",
    };
    for (size_t index = 0; index < COUNT_OF(rules); index++) {
        struct plan *plan = plan_of(&rules[index], 1);
        check_all(plan, true);
        free(plan);
    }
}

/* Commands are values, not bits, and a size means nothing to a call without one: the sieve lets those by. */
static void test_never_too_much(void **state)
{
    (void)state;
    static const char *const rules[] = {"shmctl:error=EINVAL:flags=IPC_STAT", "%shm:error=ENOMEM:size>4096",
                                        "%sysv:error=ENOMEM:flags=IPC_CREAT", "mmap:error=EAGAIN:size<4096"};
    for (size_t index = 0; index < COUNT_OF(rules); index++) {
        struct plan *plan = plan_of(&rules[index], COUNT_OF(rules) - index);
        check_all(plan, false);
        free(plan);
    }
}

static void test_follows_rules(void **state)
{
    (void)state;
    static const char *const rules[] = {"mmap:error=ENOMEM:size>1M", "mmap:error=ENOMEM:size<4096"};
    struct plan *plan = plan_of(rules, 2);
    unsigned both = check(plan, CALL_mmap, false);
    plan_switch(plan, 0, PLAN_RULE_OFF);
    unsigned small = check(plan, CALL_mmap, true);
    plan_switch(plan, 0, PLAN_RULE_ON);
    plan_switch(plan, 1, PLAN_RULE_DELETED);
    unsigned large = check(plan, CALL_mmap, true);
    assert_true(both < small && both < large && small != large);
    plan_trace(plan, CALL_mmap);
    assert_int_equal(sieve_stops(&plan->watch[CALL_mmap].sieve, 8192, 0), false);
    free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_rule),
        cmocka_unit_test(test_never_too_much),
        cmocka_unit_test(test_follows_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
