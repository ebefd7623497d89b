/* test_parse_tables.c - rows of /proc/sysvipc, /proc/locks and mountinfo, and the text of mqueue files. */
#include "tests/unit/unit.h"

#include "common/array.h"
#include "common/scan.h"
#include "probes/parse.h"

#include <string.h>

static void sysvipc_rows_are_numbers_with_an_octal_mode(void **state)
{
    (void)state;
    int64_t numbers[16];
    assert_int_equal(
        parse_sysvipc_line(scan_text("1592590337      32769  1600   16777216  4 5  3"), numbers, 16), 7);
    assert_int_equal(numbers[0], 1592590337);
    assert_int_equal(numbers[1], 32769);
    assert_int_equal(numbers[2], 01600);
    assert_int_equal(numbers[3], 16777216);
    assert_int_equal(numbers[6], 3);
    assert_int_equal(parse_sysvipc_line(scan_text("-2147483648 0 0"), numbers, 16), 3);
    assert_int_equal(numbers[0], INT32_MIN);
    assert_int_equal(parse_sysvipc_line(scan_text("1 2 3 4 5"), numbers, 4), 4);
}

static void other_rows_of_sysvipc_are_none(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "       key      shmid perms",
        "1 2 rw-",
        "1 2 9",
        "1 2 7 99999999999999999999999",
        "1 2 -7",
        "1 2 3 0x10",
        "1 2 3 4,5",
    };
    int64_t numbers[16];
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(parse_sysvipc_line(scan_text(rows[i]), numbers, 16), 0);
}

static void locks_are_read(void **state)
{
    (void)state;
    struct lock_line lock;
    assert_true(parse_lock_line(scan_text("1: POSIX  ADVISORY  WRITE 1234 08:1f:5678 100 109"), &lock));
    assert_int_equal(lock.number, 1);
    assert_false(lock.waiting);
    assert_true(lock.write);
    assert_string_equal(lock.type, "POSIX");
    assert_int_equal(lock.pid, 1234);
    assert_int_equal(lock.major, 8);
    assert_int_equal(lock.minor, 0x1f);
    assert_int_equal(lock.inode, 5678);
    assert_int_equal(lock.start, 100);
    assert_int_equal(lock.end, 109);

    assert_true(parse_lock_line(scan_text("7: -> FLOCK  ADVISORY  READ  0 00:2a:9 0 EOF"), &lock));
    assert_true(lock.waiting && !lock.write && lock.end == UINT64_MAX && lock.pid == 0);
    assert_true(parse_lock_line(scan_text("8: OFDLCK ADVISORY  READ  -1 00:2a:9 0 EOF"), &lock));
    assert_int_equal(lock.pid, -1);
    assert_true(parse_lock_line(scan_text("9: LEASE  ACTIVE    READ  7 00:2a:9 0 EOF"), &lock));
    assert_string_equal(lock.type, "LEASE");
}

static void other_lines_of_locks_are_refused(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "",
        "1:",
        "1: POSIX",
        "1: POSIX ADVISORY WRITE",
        "1: POSIX ADVISORY WRITE x 08:01:5 0 EOF",
        "1: POSIX ADVISORY WRITE 1 <none>:0 0 EOF",
        "1: POSIX ADVISORY WRITE 1 08:01:5 0",
        "1: POSIX ADVISORY WRITE 1 08:01:5 0 -1",
        "1: POSIX ADVISORY WRITE 4294967297 08:01:5 0 EOF",
        "1: POSIX ADVISORY WRITE 1 100000000:01:5 0 EOF",
        "1: WONDERFUL ADVISORY WRITE 1 08:01:5 0 EOF",
        "1: POSIX ADVISORYADVISORY WRITE 1 08:01:5 0 EOF",
        "x: POSIX ADVISORY WRITE 1 08:01:5 0 EOF",
    };
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        struct lock_line lock = {.number = 77};
        assert_false(parse_lock_line(scan_text(lines[i]), &lock));
        assert_int_equal(lock.number, 77);
    }
}

static void mounts_are_read(void **state)
{
    (void)state;
    struct mount_line mount;
    assert_true(parse_mount_line(
        scan_text("36 35 0:42 /sub /dev/shm rw,nosuid shared:7 master:1 - tmpfs tmpfs rw,size=64k"), &mount));
    assert_int_equal(mount.major, 0);
    assert_int_equal(mount.minor, 42);
    assert_string_equal(mount.point, "/dev/shm");
    assert_string_equal(mount.options, "rw,nosuid");
    assert_string_equal(mount.type, "tmpfs");
    assert_true(parse_mount_line(scan_text("36 35 0:42 / /a\\040b\\012c\\134d rw - tmpfs none rw"), &mount));
    assert_string_equal(mount.point, "/a b\nc\\d");
    /* A source may be empty, and a mount point may look like the separator. */
    assert_true(parse_mount_line(scan_text("36 35 0:42 / /- rw - tmpfs  rw"), &mount));
    assert_string_equal(mount.point, "/-");
    assert_string_equal(mount.type, "tmpfs");
    assert_true(parse_mount_line(scan_text("36 35 0:42 / /a\\ rw - tmpfs none rw"), &mount));
    assert_string_equal(mount.point, "/a\\");
}

static void other_lines_of_mountinfo_are_refused(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "",
        "36",
        "36 35 0:42",
        "36 35 42 / / rw - tmpfs none rw",
        "36 35 0:4294967296 / / rw - tmpfs none rw",
        "36 35 0:42 / /dev/shm rw shared:7",
        "36 35 0:42 / /dev/shm rw shared:7 -",
        "36 35 0:42 / /dev/shm rw - a-file-system-of-a-very-long-name-indeed none rw",
    };
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        struct mount_line mount = {.major = 77};
        assert_false(parse_mount_line(scan_text(lines[i]), &mount));
        assert_int_equal(mount.major, 77);
    }
}

static void a_mount_point_fits_or_is_refused(void **state)
{
    (void)state;
    static char line[5000];
    struct mount_line mount;
    for (size_t length = 4090; length < 4102; length++) {
        size_t end = (size_t)snprintf(line, sizeof(line), "36 35 0:42 / /");
        memset(line + end, 'x', length - 1);
        snprintf(line + end + length - 1, 64, " rw - tmpfs none rw");
        assert_int_equal(parse_mount_line(scan_text(line), &mount), length < sizeof(mount.point));
        if (length < sizeof(mount.point))
            assert_int_equal(strlen(mount.point), length);
    }
}

static void queue_texts_are_read(void **state)
{
    (void)state;
    struct queue_file file = {0};
    assert_true(parse_queue_text("QSIZE:129        NOTIFY:2     SIGNO:10    NOTIFY_PID:8260  \n", &file));
    assert_int_equal(file.text_read, 1);
    assert_int_equal(file.bytes, 129);
    assert_int_equal(file.signal, 10);
    assert_int_equal(file.notify_pid, 8260);
}

static void other_queue_texts_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "QSIZE:",
        "QSIZE:129",
        "QSIZE:129 NOTIFY:2 SIGNO:10",
        "QSIZE:-1 NOTIFY:2 SIGNO:10 NOTIFY_PID:8260",
        "QSIZE:1 NOTIFY:2 SIGNO:10 NOTIFY_PID:4294967297",
        "QSIZE:1 NOTIFY:2 SIGNO:4294967306 NOTIFY_PID:7",
        "NOTIFY:2 QSIZE:129 SIGNO:10 NOTIFY_PID:8260",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct queue_file file = {.bytes = 77};
        assert_false(parse_queue_text(texts[i], &file));
        assert_int_equal(file.bytes, 77);
        assert_int_equal(file.text_read, 0);
    }
}

/* As ep_show_fdinfo() writes them; older kernels tell no inode. */
static void what_epoll_watches_is_read(void **state)
{
    (void)state;
    struct epoll_line watched;
    assert_true(parse_epoll_line(
        scan_text("tfd:        5 events:       19 data:  ffffffff00000005  pos:0 ino:2a sdev:e"), &watched));
    assert_int_equal(watched.fd, 5);
    assert_int_equal(watched.events, 0x19);
    assert_int_equal(watched.inode, 42);
    assert_true(
        parse_epoll_line(scan_text("tfd:        5 events:       19 data:                0"), &watched));
    assert_int_equal(watched.inode, 0);
    assert_false(parse_epoll_line(scan_text("pos:\t0"), &watched));
    assert_false(parse_epoll_line(scan_text("tfd: 99999999999 events: 1"), &watched));
    assert_false(parse_epoll_line(scan_text("tfd: 5 events: 100000000"), &watched));
    assert_false(parse_epoll_line(scan_text("tfd: 5"), &watched));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_epoll_watches_is_read),
        cmocka_unit_test(sysvipc_rows_are_numbers_with_an_octal_mode),
        cmocka_unit_test(other_rows_of_sysvipc_are_none),
        cmocka_unit_test(locks_are_read),
        cmocka_unit_test(other_lines_of_locks_are_refused),
        cmocka_unit_test(mounts_are_read),
        cmocka_unit_test(other_lines_of_mountinfo_are_refused),
        cmocka_unit_test(a_mount_point_fits_or_is_refused),
        cmocka_unit_test(queue_texts_are_read),
        cmocka_unit_test(other_queue_texts_are_refused),
    };
    return cmocka_run_group_tests_name("parse_tables", tests, NULL, NULL);
}
