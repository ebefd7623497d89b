/*
 * test_findings_kept.c - rules about what is kept: orphans, what was removed and has users, queues that are
 * full, and limits. Each with the same machine and one fact changed, where it must be silent or less sure.
 */
#include "tests/unit/findings.h"

/* --- orphan --- */

/* A set of user 5 that process 99 used last, and a segment that process 20 made. */
static const char *orphaned_set(const char *pid, const char *otime, const char *segment)
{
    struct recording recording = machine("");
    char row[128], values[32], rows[256];
    snprintf(row, sizeof(row), "head\n0 4 600 1 5 0 5 0 %s 100\n", otime);
    snprintf(values, sizeof(values), "1 %s 0 0\n", pid);
    snprintf(rows, sizeof(rows), SHM_HEAD "%s", segment);
    recording_write(&recording, "proc/sysvipc/sem", row);
    recording_write(&recording, "proc/sysvipc/sem.4", values);
    recording_write(&recording, "proc/sysvipc/shm", rows);
    return found(&recording, "orphan");
}

static void a_set_of_the_dead_is_an_orphan_when_it_lay_untouched(void **state)
{
    (void)state;
    assert_string_equal(orphaned_set("99", "300", ""), "likely sysv-sem:4");
    /* A server may be about to use what a client just did. */
    assert_string_equal(orphaned_set("99", "900", ""), "hint sysv-sem:4");
    assert_string_equal(orphaned_set("20", "300", ""), "");
}

static void what_was_made_with_something_in_use_is_no_orphan(void **state)
{
    (void)state;
    assert_string_equal(orphaned_set("99", "300", "0 5 600 4096 20 20 1 5 0 5 0 130 0 130 0 0\n"), "");
    assert_string_equal(orphaned_set("99", "300", "0 5 600 4096 20 20 1 5 0 5 0 200 0 200 0 0\n"),
                        "likely sysv-sem:4");
    assert_string_equal(orphaned_set("99", "300", "0 5 600 4096 20 20 1 6 0 6 0 130 0 130 0 0\n"),
                        "likely sysv-sem:4");
    assert_string_equal(orphaned_set("99", "300", "0 5 600 4096 99 99 0 5 0 5 0 130 130 130 0 0\n"),
                        "likely sysv-shm:5,likely sysv-sem:4");
}

static const char *orphaned_queue(const char *pids, const char *times)
{
    struct recording recording = machine("");
    char row[128];
    snprintf(row, sizeof(row), "head\n0 3 600 8 1 %s 0 0 0 0 %s 100\n", pids, times);
    recording_write(&recording, "proc/sysvipc/msg", row);
    recording_write(&recording, "proc/sysvipc/msg.3", "16384\n");
    return found(&recording, "orphan");
}

static void a_queue_of_the_dead_is_an_orphan_when_it_lay_untouched(void **state)
{
    (void)state;
    assert_string_equal(orphaned_queue("99 0", "300 0"), "likely sysv-msg:3");
    assert_string_equal(orphaned_queue("99 98", "300 200"), "likely sysv-msg:3");
    assert_string_equal(orphaned_queue("99 98", "300 900"), "hint sysv-msg:3");
    assert_string_equal(orphaned_queue("99 20", "300 300"), "");
    assert_string_equal(orphaned_queue("0 0", "0 0"), "");
}

/* --- removed --- */

static const char *removed(const char *mode, const char *nattch)
{
    struct recording recording = machine("");
    char rows[256];
    snprintf(rows, sizeof(rows), SHM_HEAD "0 5 %s 4096 20 20 %s 0 0 0 0 900 0 900 0 0\n", mode, nattch);
    recording_write(&recording, "proc/sysvipc/shm", rows);
    return found(&recording, "removed");
}

static void what_was_removed_and_is_used_is_told(void **state)
{
    (void)state;
    assert_string_equal(removed("1600", "1"), "hint sysv-shm:5");
    assert_string_equal(removed("600", "1"), "");
    struct recording semaphore = machine("");
    recording_write(&semaphore, "proc/20/vmas", "4096 8192 0 9 0 20 3 8 /dev/shm/sem.gate (deleted)\n");
    assert_string_equal(found(&semaphore, "removed"), "");
    /* A memfd never had a name. */
    struct recording recording = machine("");
    recording_write(&recording, "proc/20/vmas", "4096 8192 0 9 0 1 3 8 /memfd:frames (deleted)\n");
    assert_string_equal(found(&recording, "removed"), "");
}

/* --- full --- */

static const char *full_queue(const char *messages)
{
    struct recording recording = machine("");
    char row[128];
    snprintf(row, sizeof(row), "0 %s 10 8192 1 16 12 0 80 80 0 0 0 0 0 0 19 33152 1 0 0 jobs\n", messages);
    recording_write(&recording, "dev/mqueue/files", row);
    return found(&recording, "full");
}

static const char *filled_queue(const char *bytes)
{
    struct recording recording = machine("");
    char row[128];
    snprintf(row, sizeof(row), "head\n0 3 600 %s 9 20 0 0 0 0 0 300 0 100\n", bytes);
    recording_write(&recording, "proc/sysvipc/msg", row);
    recording_write(&recording, "proc/sysvipc/msg.3", "1000\n");
    return found(&recording, "full");
}

static void a_queue_is_full_by_messages_or_by_bytes(void **state)
{
    (void)state;
    assert_string_equal(full_queue("10"), "certain posix-mq:/jobs");
    assert_string_equal(full_queue("9"), "likely posix-mq:/jobs");
    assert_string_equal(full_queue("8"), "");
    assert_string_equal(filled_queue("1000"), "certain sysv-msg:3");
    assert_string_equal(filled_queue("900"), "likely sysv-msg:3");
    assert_string_equal(filled_queue("899"), "");
}

/* --- limit --- */

static const char *limited(const char *name, const char *maximum)
{
    struct recording recording = machine("");
    char path[64];
    snprintf(path, sizeof(path), "proc/sys/kernel/%s", name);
    recording_write(&recording, path, maximum);
    recording_write(&recording, "proc/sysvipc/shm",
                    SHM_HEAD "0 5 600 4096 20 20 1 0 0 0 0 900 0 900 0 0\n"
                             "0 6 600 4096 20 20 1 0 0 0 0 900 0 900 0 0\n");
    return found(&recording, "limit");
}

static void a_limit_nearly_used_up_is_told(void **state)
{
    (void)state;
    assert_non_null(strstr(limited("shmmni", "2\n"), "certain shmmni is at 100%: 2 of 2"));
    assert_string_equal(limited("shmmni", "3\n"), "");
    /* What one segment may be says nothing about the next. */
    assert_string_equal(limited("shmmax", "4096\n"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_set_of_the_dead_is_an_orphan_when_it_lay_untouched),
        cmocka_unit_test(what_was_made_with_something_in_use_is_no_orphan),
        cmocka_unit_test(a_queue_of_the_dead_is_an_orphan_when_it_lay_untouched),
        cmocka_unit_test(what_was_removed_and_is_used_is_told),
        cmocka_unit_test(a_queue_is_full_by_messages_or_by_bytes),
        cmocka_unit_test(a_limit_nearly_used_up_is_told),
    };
    return cmocka_run_group_tests_name("findings of what is kept", tests, NULL, NULL);
}
