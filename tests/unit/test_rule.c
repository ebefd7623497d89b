/* Rules: what the text means, and what is refused with which words at which column. */
#include "tests/unit/unit.h"

#include "common/array.h"

#include "inject/fd_kind.h"
#include "inject/rule_check.h"
#include "inject/rule_parse.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ipc.h>
#include <sys/mman.h>

static struct rule parsed(const char *text)
{
    struct rule rule;
    struct rule_error error = {0};
    if (rule_parse(text, &rule, &error) < 0)
        fail_msg("%s: column %zu: %s", text, error.column, error.message);
    return rule;
}

static void test_error_of_one_call(void **state)
{
    (void)state;
    struct rule rule = parsed("shm_open:error=EEXIST");
    assert_true(rule_has_call(&rule, CALL_shm_open));
    assert_false(rule_has_call(&rule, CALL_shm_unlink));
    assert_int_equal(rule.effects, EFFECT_ERROR);
    assert_int_equal(rule.error, EEXIST);
    assert_int_equal(rule.first, 1);
    assert_true(rule.last == UINT64_MAX);
}

static void test_classes_keep_calls_that_can_fail_so(void **state)
{
    (void)state;
    struct rule rule = parsed("%mq:error=EAGAIN");
    assert_true(rule_has_call(&rule, CALL_mq_send));
    assert_true(rule_has_call(&rule, CALL_mq_receive));
    assert_false(rule_has_call(&rule, CALL_mq_open));
    assert_false(rule_has_call(&rule, CALL_sem_wait));
}

static void test_patterns_and_lists(void **state)
{
    (void)state;
    struct rule rule = parsed("sem_*wait,mq_open:delay=50ms");
    assert_true(rule_has_call(&rule, CALL_sem_timedwait));
    assert_true(rule_has_call(&rule, CALL_mq_open));
    assert_false(rule_has_call(&rule, CALL_sem_post));
    assert_int_equal(rule.delay, 50000000);
}

static void test_when(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t first, last, step;
    } rows[] = {
        {"munmap:error=EINVAL:when=3",    3, 3,          1},
        {"munmap:error=EINVAL:when=3+",   3, UINT64_MAX, 1},
        {"munmap:error=EINVAL:when=3+2",  3, UINT64_MAX, 2},
        {"munmap:error=EINVAL:when=3..7", 3, 7,          1},
    };
    for (size_t index = 0; index < COUNT_OF(rows); index++) {
        struct rule rule = parsed(rows[index].text);
        assert_true(rule.first == rows[index].first);
        assert_true(rule.last == rows[index].last);
        assert_true(rule.step == rows[index].step);
    }
}

static void test_conditions(void **state)
{
    (void)state;
    struct rule rule =
        parsed("mmap:error=ENOMEM:size>=1M:prob=5%:seed=7:flags=MAP_SHARED|!MAP_FIXED:caller=lib*.so:"
               "proc=worker:thread=!main:count=thread");
    assert_true(rule.size_min == 1 << 20 && rule.size_max == UINT64_MAX);
    assert_true(rule.chance == (1ULL << 32) / 20);
    assert_int_equal(rule.seed, 7);
    assert_true(rule.flags_set && rule.flags_clear);
    assert_string_equal(rule.caller, "lib*.so");
    assert_int_equal(rule.thread, THREAD_NOT_MAIN);
    assert_int_equal(rule.count, COUNT_THREAD);

    rule = parsed("mmap:error=ENOMEM:size>4K:size<=8K");
    assert_true(rule.size_min == 4097 && rule.size_max == 8192);

    rule = parsed("write:short=1:fd=pipe|fifo");
    assert_int_equal(rule.fd_kinds, FD_PIPE | FD_FIFO);
    rule = parsed("write:short=1:fd=7");
    assert_int_equal(rule.fd, 7);
    rule = parsed("mmap:error=ENOMEM:size<4K");
    assert_int_equal(rule.size_max, 4095);
    rule = parsed("shm_open:error=ENOENT:name=/a\\:b*");
    assert_string_equal(rule.name, "/a:b*");
    rule = parsed("shmctl:error=EPERM:flags=IPC_RMID");
    assert_true(rule.flags_set == call_command_bit(IPC_RMID));
}

/* What is one of several values, of which one is 0: the others must not be there. */
static void test_flags_that_are_values(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t set, clear;
    } rows[] = {
        {"shm_open:error=EMFILE:flags=O_RDONLY",  0,          O_ACCMODE                         },
        {"shm_open:error=EMFILE:flags=O_RDWR",    O_RDWR,     O_WRONLY                          },
        {"shm_open:error=EMFILE:flags=!O_RDWR",   0,          O_RDWR                            },
        {"mprotect:error=ENOMEM:flags=PROT_NONE", 0,          PROT_READ | PROT_WRITE | PROT_EXEC},
        {"mmap:error=ENOMEM:flags=MAP_SHARED",    MAP_SHARED, MAP_TYPE & ~MAP_SHARED            },
    };
    for (size_t index = 0; index < COUNT_OF(rows); index++) {
        struct rule rule = parsed(rows[index].text);
        if (rule.flags_set != rows[index].set || rule.flags_clear != rows[index].clear)
            fail_msg("%s: set %#lx, clear %#lx", rows[index].text, rule.flags_set, rule.flags_clear);
    }
}

static void test_realtime_signals(void **state)
{
    (void)state;
    assert_int_equal(parsed("munmap:signal=SIGRTMIN").signal, SIGRTMIN);
    assert_int_equal(parsed("munmap:signal=RTMIN+12").signal, SIGRTMIN + 12);
    assert_int_equal(parsed("munmap:signal=RTMAX-2").signal, SIGRTMAX - 2);
}

static void test_effects(void **state)
{
    (void)state;
    struct rule rule = parsed("ftruncate:signal=KILL:when=after");
    assert_int_equal(rule.signal, SIGKILL);
    assert_true(rule.signal_after);
    rule = parsed("sem_wait:retval=0:delay-after=1s:crash=after");
    assert_int_equal(rule.effects, EFFECT_RETVAL | EFFECT_DELAY_AFTER | EFFECT_CRASH_AFTER);
    rule = parsed("munmap:retval=-3");
    assert_int_equal(rule.retval, -3);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t column;
        const char *part;
    } rows[] = {
        {"",                                            1,  "a call is missing"       },
        {"shm_opne:error=EEXIST",                       1,  "did you mean shm_open?"  },
        {"shm_open:error=EACCES:error=EPERM",           23, "given twice"             },
        {"shm_open:error=EACCES:force=1",               23, "takes no value"          },
        {"shm_open,,mmap:error=ENOMEM",                 10, "a call is missing"       },
        {"%sehm:error=EEXIST",                          1,  "did you mean %shm?"      },
        {"shm_open:error=EEXISTS",                      16, "did you mean EEXIST?"    },
        {"shm_open:eror=EEXIST",                        10, "did you mean error?"     },
        {"shm_open:error",                              10, "needs a value"           },
        {"shm_open:error>EEXIST",                       10, "takes = only"            },
        {"shm_open",                                    0,  "nothing to do"           },
        {"shm_open:error=EPIPE",                        0,  "never fails with EPIPE"  },
        {"futex:error=ENOMEM",                          0,  "libc aborts"             },
        {"munmap:error=EPERM",                          0,  "'force' does it"         },
        {"shm_open:error=EEXIST:flags=!O_EXCL",         0,  "only with O_CREAT|O_EXCL"},
        {"shmctl:error=EPERM:flags=IPC_STAT",           0,  "IPC_RMID"                },
        {"close:error=EIO",                             0,  "fd= says what"           },
        {"read:error=EIO:fd=pipe",                      0,  "descriptor shm/memfd"    },
        {"shm_open:error=EEXIST:retval=0",              0,  "exclude each other"      },
        {"shm_open:error=EEXIST:size>1",                0,  "has no size"             },
        {"munmap:error=EINVAL:name=/x",                 0,  "has no name"             },
        {"sem_wait:short=3",                            0,  "short"                   },
        {"munmap:error=EINVAL:when=0",                  26, "counted from 1"          },
        {"munmap:error=EINVAL:when=5..3",               26, "not N"                   },
        {"munmap:error=EINVAL:when=3..",                26, "not N"                   },
        {"munmap:error=EINVAL:prob=101%",               26, "probability"             },
        {"munmap:error=EINVAL:prob=1.5",                26, "probability"             },
        {"munmap:signal=KIL",                           15, "did you mean KILL?"      },
        {"munmap:error=EINVAL:size<0",                  26, "no size"                 },
        {"munmap:error=EINVAL:when=after",              0,  "for signal="             },
        {"shm_open:error=ENOENT:flags=O_CREATE",        29, "did you mean O_CREAT?"   },
        {"shm_open:error=EMFILE:flags=",                29, "has the flag"            },
        {"shm_open:error=EMFILE:flags=O_EXCL|",         36, "has the flag"            },
        {"mmap:error=ENOMEM:flags=IPC_RMID",            25, "has the flag"            },
        {"shm_open:error=EMFILE:flags=!O_RDONLY",       30, "O_RDONLY is none"        },
        {"shm_open:error=EMFILE:flags=O_RDWR|O_WRONLY", 36, "no flags are so"         },
        {"shm_open:error=EMFILE:flags=O_EXCL|!O_EXCL",  37, "no flags are so"         },
        {"munmap:error=EINVAL:when=3:when=4",           33, "given twice"             },
        {"munmap:error=EINVAL:size=3:size=4",           33, "that bound already"      },
        {"munmap:error=EINVAL:size>3:size>4",           33, "that bound already"      },
        {"munmap:signal=SIGKIL",                        15, "did you mean KILL?"      },
        {"munmap:signal=RTMIN+99",                      15, "not the name of a signal"},
        {"nothing*:delay=1s",                           1,  "no call matches"         },
        {"%sem:error=EMSGSIZE",                         0,  "none of the calls"       },
    };
    for (size_t index = 0; index < COUNT_OF(rows); index++) {
        struct rule rule;
        struct rule_error error = {0};
        if (rule_parse(rows[index].text, &rule, &error) == 0)
            fail_msg("%s: accepted", rows[index].text);
        if (error.column != rows[index].column || !strstr(error.message, rows[index].part))
            fail_msg("%s: column %zu: %s", rows[index].text, error.column, error.message);
    }
}

static void test_force_lifts_what_is_impossible(void **state)
{
    (void)state;
    assert_int_equal(parsed("shm_open:error=EPIPE:force").error, EPIPE);
    assert_true(parsed("sem_post:error=EOVERFLOW:force").force);
}

static void test_engines(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int preload, seccomp;
    } rows[] = {
        {"shm_open:error=EMFILE",      0,        0       },
        {"sem_wait:error=EINTR",       0,        -ENOTSUP},
        {"futex:error=EINTR",          -ENOTSUP, 0       },
        {"sem_open:error=EEXIST",      0,        -ENOTSUP},
        {"write:short=1",              0,        -ENOTSUP},
        {"munmap:retval=-3",           0,        -ENOTSUP},
        {"munmap:retval=-5000",        0,        0       },
        {"mmap:error=ENOMEM:caller=x", 0,        0       },
        {"mmap:crash=after",           0,        -ENOTSUP},
        {"mmap:crash=before",          0,        0       },
        {"%mq:error=EBADF",            0,        0       },
    };
    for (size_t index = 0; index < COUNT_OF(rows); index++) {
        struct rule rule = parsed(rows[index].text);
        struct rule_error error = {0};
        assert_int_equal(rule_check_engine(&rule, REACH_PRELOAD, &error), rows[index].preload);
        assert_int_equal(rule_check_engine(&rule, REACH_SECCOMP, &error), rows[index].seccomp);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_error_of_one_call),
        cmocka_unit_test(test_classes_keep_calls_that_can_fail_so),
        cmocka_unit_test(test_patterns_and_lists),
        cmocka_unit_test(test_when),
        cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_effects),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_force_lifts_what_is_impossible),
        cmocka_unit_test(test_flags_that_are_values),
        cmocka_unit_test(test_realtime_signals),
        cmocka_unit_test(test_engines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
