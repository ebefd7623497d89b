/* test_parse_process.c - stat, status, fdinfo, links and cgroup of a process. */
#include "tests/unit/unit.h"

#include "common/array.h"
#include "probes/parse.h"
#include "probes/process.h"

#include <string.h>

#define REST " S 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 3 0 123456 1 2"

static bool stat_of(const char *text, struct process *ret_process, uint64_t *ret_ticks)
{
    return parse_stat(text, strlen(text), ret_process, ret_ticks);
}

static void stat_is_read(void **state)
{
    (void)state;
    struct process process = {.pid = 7};
    uint64_t ticks;
    assert_true(stat_of("7 (bash)" REST, &process, &ticks));
    assert_int_equal(process.state, 'S');
    assert_int_equal(process.parent, 1);
    assert_int_equal(process.threads, 3);
    assert_true(process.executed);
    assert_int_equal(ticks, 123456);
    assert_int_equal(process.comm.length, 4);
    assert_memory_equal(process.comm.string, "bash", 4);
}

static void a_fork_without_exec_is_told(void **state)
{
    (void)state;
    struct process process = {.pid = 7, .executed = true};
    uint64_t ticks;
    assert_true(stat_of("7 (sh) S 1 7 7 0 -1 4194624 1 2 3 4 5 6 7 8 20 0 3 0 123456 1 2", &process, &ticks));
    assert_false(process.executed);
}

/* prctl(PR_SET_NAME) takes any byte. */
static void comm_may_hold_anything(void **state)
{
    (void)state;
    static const char *const names[] = {"",        ")",   "(",    ") S 9 (", "a\nb",
                                        "\x1b[2J", "a b", "))))", "\xff\xfe"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char text[128];
        struct process process = {0};
        uint64_t ticks;
        snprintf(text, sizeof(text), "7 (%s)" REST, names[i]);
        assert_true(stat_of(text, &process, &ticks));
        assert_int_equal(process.comm.length, strlen(names[i]));
        assert_memory_equal(process.comm.string, names[i], strlen(names[i]));
        assert_int_equal(process.parent, 1);
        assert_int_equal(ticks, 123456);
    }
}

static void a_broken_stat_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "7",
        "7 (bash",
        "7 bash)",
        ")(",
        "7 (bash)",
        "7 (bash) ",
        "7 (bash) S",
        "7 (bash) S 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 3 0",
        "7 (bash) S 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 3 0 -5",
        "7 (bash) S 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 3 0 99999999999999999999",
        "7 (bash) S one 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 3 0 5",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct process process = {.pid = 7};
        uint64_t ticks = 77;
        assert_false(stat_of(texts[i], &process, &ticks));
        assert_int_equal(process.state, 0);
        assert_int_equal(ticks, 77);
    }
}

static void numbers_follow_their_name_on_a_line_of_its_own(void **state)
{
    (void)state;
    static const char text[] = "pos:\t0\nflags:\t0100002\neventfd-count:               3f\neventfd-id: 5\n"
                               "XSigPnd:\t1\nShmem:            123 kB\nempty:\nlast: 9";
    uint64_t number = 77;
    assert_true(parse_number_after(text, "flags", 8, &number));
    assert_int_equal(number, 0100002);
    assert_true(parse_number_after(text, "eventfd-count", 16, &number));
    assert_int_equal(number, 0x3f);
    assert_true(parse_number_after(text, "Shmem", 10, &number));
    assert_int_equal(number, 123);
    assert_true(parse_number_after(text, "last", 10, &number));
    assert_int_equal(number, 9);
    assert_false(parse_number_after(text, "SigPnd", 16, &number));
    assert_false(parse_number_after(text, "eventfd", 10, &number));
    assert_false(parse_number_after(text, "empty", 10, &number));
    assert_false(parse_number_after(text, "absent", 10, &number));
    assert_false(parse_number_after("", "pos", 10, &number));
    assert_false(parse_number_after("n: 18446744073709551616", "n", 10, &number));
    assert_int_equal(number, 9);
}

#define SIGNALS                                                                               \
    "Name:\tx\nSigQ:\t2/100\nSigPnd:\t0000000000000001\nShdPnd:\t0000000000000200\nSigBlk:\t" \
    "8000000000000000\nSigIgn:\t0000000000001000\nSigCgt:\t0000000000004000\n"

static void signals_are_read(void **state)
{
    (void)state;
    struct signal_state signals;
    assert_true(parse_signals(SIGNALS, &signals));
    assert_int_equal(signals.pending, 1);
    assert_int_equal(signals.shared_pending, 0x200);
    assert_true(signals.blocked == UINT64_C(1) << 63);
    assert_int_equal(signals.ignored, 0x1000);
    assert_int_equal(signals.caught, 0x4000);
    assert_int_equal(signals.queued, 2);
    assert_int_equal(signals.queue_limit, 100);
}

static void signals_are_read_whole_or_not(void **state)
{
    (void)state;
    char text[sizeof(SIGNALS)];
    for (size_t length = 0; length + 2 < sizeof(SIGNALS) - 16; length++) {
        struct signal_state signals = {.queued = 77};
        memcpy(text, SIGNALS, length);
        text[length] = '\0';
        assert_false(parse_signals(text, &signals));
        assert_int_equal(signals.queued, 77);
    }
}

static void links_give_their_number(void **state)
{
    (void)state;
    uint64_t number = 77;
    assert_true(parse_bracketed("ipc:[4026531839]", &number));
    assert_true(number == 4026531839);
    static const char *const links[] = {"",         "pipe:",     "pipe:[",    "pipe:[]",   "pipe:[7",
                                        "pipe:[x]", "pipe:[7]]", "pipe:[-7]", "pipe:[7 ]", "/a[7] (deleted)"};
    number = 77;
    for (size_t i = 0; i < COUNT_OF(links); i++)
        assert_false(parse_bracketed(links[i], &number));
    assert_int_equal(number, 77);
}

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void containers_are_known_by_their_cgroup(void **state)
{
    (void)state;
    static const struct {
        const char *text, *id;
    } cases[] = {
        {"0::/system.slice/docker-" ID ".scope\n",                                  "0123456789ab"},
        {"0::/docker/" ID "\n",                                                     "0123456789ab"},
        {"12:pids:/kubepods.slice/kubepods-pod1.slice/cri-containerd-" ID ".scope", "0123456789ab"},
        {"0::/user.slice/libpod-" ID ".scope/container\n",                          "0123456789ab"},
        {"0::/lxc.payload.web\n",                                                   "web"         },
        {"4:cpu:/lxc/web/init\n",                                                   "web"         },
        {"0::/\n",                                                                  NULL          },
        {"0::/init.scope",                                                          NULL          },
        {"0::/docker/" ID "0\n",                                                    NULL          },
        {"0::/lxc.payload.\n",                                                      NULL          },
        {"",                                                                        NULL          },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *id;
        size_t length;
        assert_int_equal(parse_container(cases[i].text, &id, &length), cases[i].id != NULL);
        if (!cases[i].id)
            continue;
        assert_int_equal(length, strlen(cases[i].id));
        assert_memory_equal(id, cases[i].id, length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stat_is_read),
        cmocka_unit_test(a_fork_without_exec_is_told),
        cmocka_unit_test(comm_may_hold_anything),
        cmocka_unit_test(a_broken_stat_is_refused),
        cmocka_unit_test(numbers_follow_their_name_on_a_line_of_its_own),
        cmocka_unit_test(signals_are_read),
        cmocka_unit_test(signals_are_read_whole_or_not),
        cmocka_unit_test(links_give_their_number),
        cmocka_unit_test(containers_are_known_by_their_cgroup),
    };
    return cmocka_run_group_tests_name("parse_process", tests, NULL, NULL);
}
