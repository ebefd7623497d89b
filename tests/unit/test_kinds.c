/* test_kinds.c - what kinds make of answers that few machines give. */
#include "tests/unit/recording.h"

#include "probes/edge.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(huge_pages_of_a_segment_are_no_more_than_it_can_have),
        cmocka_unit_test(anonymous_huge_pages_are_anonymous_memory),
    };
    return cmocka_run_group_tests_name("kinds", tests, NULL, NULL);
}
