/* test_blocked.c - /proc/PID/task/TID/syscall: calls that wait for IPC objects, and everything else. */
#include "tests/unit/unit.h"

#include "common/array.h"
#include "probes/blocked.h"

#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

static void a_blocked_call_is_told_with_its_arguments(void **state)
{
    (void)state;
    char text[256];
    struct wait wait = {.tid = 77};
    snprintf(text, sizeof(text), "%d 0x8001 0x7ffc00000010 0x1 0x0 0xffffffffffffffff 0x6 0x7ffc0 0x7f00\n",
             SYS_semtimedop);
    assert_true(blocked_parse(text, &wait));
    assert_string_equal(wait.call->name, "semtimedop");
    assert_int_equal(wait.call->target, WAIT_SEMAPHORES);
    assert_int_equal(wait.arguments[0], 0x8001);
    assert_true(wait.arguments[1] == 0x7ffc00000010);
    assert_true(wait.arguments[4] == UINT64_MAX);
    assert_int_equal(wait.arguments[5], 6);
    assert_int_equal(wait.tid, 0);
}

static void each_call_leads_where_its_argument_points(void **state)
{
    (void)state;
    static const struct {
        long number;
        const char *name;
        enum wait_target target;
    } calls[] = {
        {SYS_msgsnd,       "msgsnd",       WAIT_QUEUE     },
        {SYS_msgrcv,       "msgrcv",       WAIT_QUEUE     },
        {SYS_mq_timedsend, "mq_timedsend", WAIT_DESCRIPTOR},
        {SYS_read,         "read",         WAIT_DESCRIPTOR},
        {SYS_fcntl,        "fcntl",        WAIT_DESCRIPTOR},
        {SYS_futex,        "futex",        WAIT_FUTEX     },
        {SYS_openat,       "openat",       WAIT_OPEN      },
    };
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        char text[128];
        struct wait wait;
        snprintf(text, sizeof(text), "%ld 0x1 0x2 0x3 0x4 0x5 0x6 0x7 0x8\n", calls[i].number);
        assert_true(blocked_parse(text, &wait));
        assert_string_equal(wait.call->name, calls[i].name);
        assert_int_equal(wait.call->target, calls[i].target);
    }
}

/* poll() has milliseconds, ppoll() a pointer; for ever is negative in one and NULL in the other. */
static void a_timeout_is_a_number_or_a_pointer(void **state)
{
    (void)state;
    static const struct {
        long number;
        const char *timeout;
        bool timed;
    } calls[] = {
        {SYS_ppoll,       "0x0",                false},
        {SYS_ppoll,       "0x7ffc0",            true },
        {SYS_epoll_pwait, "0xffffffffffffffff", false},
        {SYS_epoll_pwait, "0xffffffff",         false},
        {SYS_epoll_pwait, "0x0",                true },
        {SYS_epoll_pwait, "0x3e8",              true },
        {SYS_read,        "0x3e8",              false},
    };
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        char text[160];
        struct wait wait;
        bool pointer = calls[i].number == SYS_ppoll;
        snprintf(text, sizeof(text), "%ld 0x1 0x2 %s %s 0x0 0x0 0x7 0x8\n", calls[i].number,
                 pointer ? calls[i].timeout : "0x3", pointer ? "0x0" : calls[i].timeout);
        assert_true(blocked_parse(text, &wait));
        assert_int_equal(wait_is_timed(&wait), calls[i].timed);
    }
}

static void anything_else_is_no_wait(void **state)
{
    (void)state;
    char none[128], huge[160], nosleep[128];
    snprintf(none, sizeof(none), "%d 0x1 0x2 0x3 0x4 0x5", SYS_read);
    snprintf(huge, sizeof(huge), "%d 0x10000000000000000 0x2 0x3 0x4 0x5 0x6 0x7 0x8", SYS_read);
    snprintf(nosleep, sizeof(nosleep), "%d 0x1 0x2 0x3 0x4 0x5 0x6 0x7 0x8", SYS_nanosleep);
    const char *const texts[] = {
        "",
        "running\n",
        "-1 0x7ffc 0x7f00\n",
        "99999999999999999999 0x0",
        "-2 0x1 0x2 0x3 0x4 0x5 0x6 0x7 0x8",
        none,
        huge,
        nosleep,
        "0",
        "0 1 2 3 4 5 6 7 8",
        "\n",
        "0x0",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct wait wait = {.tid = 77};
        assert_false(blocked_parse(texts[i], &wait));
        assert_int_equal(wait.tid, 77);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_blocked_call_is_told_with_its_arguments),
        cmocka_unit_test(each_call_leads_where_its_argument_points),
        cmocka_unit_test(a_timeout_is_a_number_or_a_pointer),
        cmocka_unit_test(anything_else_is_no_wait),
    };
    return cmocka_run_group_tests_name("blocked", tests, NULL, NULL);
}
