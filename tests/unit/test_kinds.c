/* test_kinds.c - what kinds make of answers that few machines give. */
#include "tests/unit/recording.h"

#include "probes/edge.h"

#include <errno.h>

/* Two huge pages, 2 MiB each, for 3 MiB: the kernel says 512 times as much. */
static void huge_pages_of_a_segment_are_no_more_than_it_can_have(void **state)
{
    (void)state;
    struct recording recording = recording_start();
    recording_write(&recording, "proc/sysvipc/shm",
                    "head\n0 5 600 3145728 20 0 1 0 0 0 0 0 0 900 2147483648 0\n"
                    "0 6 600 5000 20 0 1 0 0 0 0 0 0 900 8192 4096\n");
    struct snapshot *snapshot = recording_collect(&recording, &everything);
    const struct object *huge = snapshot_find(snapshot, "sysv-shm:5");
    const struct object *small = snapshot_find(snapshot, "sysv-shm:6");
    assert_int_equal(huge->fields[FIELD_RSS].number, 3145728);
    assert_int_equal(huge->fields[FIELD_USED].number, 3145728);
    assert_int_equal(small->fields[FIELD_RSS].number, 8192);
    assert_int_equal(small->fields[FIELD_USED].number, 12288);
    snapshot_free(snapshot);
    recording_end(&recording);
}

static void anonymous_huge_pages_are_anonymous_memory(void **state)
{
    (void)state;
    struct recording recording = recording_start();
    recording_add_process(&recording, 20, 5);
    recording_add_process(&recording, 21, 5);
    recording_write(&recording, "proc/pids", "20\n21\n");
    recording_write(&recording, "proc/20/vmas", "4096 8192 0 9 0 17 3 2 /anon_hugepage (deleted)\n");
    recording_write(&recording, "proc/21/vmas", "4096 8192 0 9 0 17 3 2 /anon_hugepage (deleted)\n");
    struct snapshot *snapshot = recording_collect(&recording, &everything);
    const struct object *object = snapshot_find(snapshot, "anon-shm:9");
    assert_non_null(object);
    assert_int_equal(snapshot_users(snapshot, object, EDGE_MAPPED), 2);
    snapshot_free(snapshot);
    recording_end(&recording);
}

/* Number 5 is not the segment of key 0x63 that is in the table, and number 6 was removed. */
static void a_segment_of_another_key_is_another_one(void **state)
{
    (void)state;
    struct recording recording = recording_start();
    recording_add_process(&recording, 20, 5);
    recording_write(&recording, "proc/pids", "20\n");
    recording_write(&recording, "proc/20/vmas",
                    "4096 8192 0 5 0 1 3 1 /SYSV00000011 (deleted)\n"
                    "8192 12288 0 6 0 1 3 1 /SYSV00000022 (deleted)\n"
                    "12288 16384 0 7 0 1 3 1 /SYSV00000033 (deleted)\n");
    recording_write(&recording, "proc/sysvipc/shm",
                    "head\n99 5 600 4096 20 0 0 0 0 0 0 0 0 900 0 0\n"
                    "0 6 1600 4096 20 0 1 0 0 0 0 0 0 900 0 0\n"
                    "51 7 600 4096 20 0 1 0 0 0 0 0 0 900 0 0\n");
    struct snapshot *snapshot = recording_collect(&recording, &everything);
    assert_int_equal(snapshot_users(snapshot, snapshot_find(snapshot, "sysv-shm:5"), EDGE_MAPPED), 0);
    assert_int_equal(snapshot_users(snapshot, snapshot_find(snapshot, "sysv-shm:6"), EDGE_MAPPED), 1);
    assert_int_equal(snapshot_users(snapshot, snapshot_find(snapshot, "sysv-shm:7"), EDGE_MAPPED), 1);
    snapshot_free(snapshot);
    recording_end(&recording);
}

/* Sockets of other network namespaces are no answer of sock_diag(7); those of ours that it does not tell are
 * TCP. */
static void unix_sockets_of_other_network_namespaces_are_a_gap(void **state)
{
    (void)state;
    struct recording recording = recording_start();
    recording_add_process(&recording, 20, 5);
    recording_add_process(&recording, 21, 5);
    recording_write(&recording, "proc/pids", "20\n21\n");
    recording_write(&recording, "proc/self/ns/net.link", "net:[4]");
    recording_write(&recording, "proc/20/ns/net.link", "net:[4]");
    recording_write(&recording, "proc/21/ns/net.link", "net:[5]");
    recording_write(&recording, "proc/20/fds", "6 3 2 40 0 0 0 0 0 0 0 0 0 0 0 0 socket:[40]\n");
    struct snapshot *snapshot = recording_collect(&recording, &everything);
    assert_false(snapshot_has_gap(snapshot, "unix sockets of another network namespace", EXDEV));
    snapshot_free(snapshot);
    recording_write(
        &recording, "proc/21/fds",
        "6 3 2 41 0 0 0 0 0 0 0 0 0 0 0 0 socket:[41]\n7 3 2 42 0 0 0 0 0 0 0 0 0 0 0 0 socket:[42]\n");
    snapshot = recording_collect(&recording, &everything);
    assert_true(snapshot_has_gap(snapshot, "unix sockets of another network namespace", EXDEV));
    assert_int_equal(snapshot->coverage[snapshot->coverage_count - 1].processes, 1);
    snapshot_free(snapshot);
    recording_end(&recording);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(huge_pages_of_a_segment_are_no_more_than_it_can_have),
        cmocka_unit_test(anonymous_huge_pages_are_anonymous_memory),
        cmocka_unit_test(a_segment_of_another_key_is_another_one),
        cmocka_unit_test(unix_sockets_of_other_network_namespaces_are_a_gap),
    };
    return cmocka_run_group_tests_name("kinds", tests, NULL, NULL);
}
