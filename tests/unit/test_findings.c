/*
 * test_findings.c - rules about single objects: what each needs to speak, and the same machine with one fact
 * changed, where it must be silent.
 */
#include "tests/unit/findings.h"

static const char *found_in(const char *shm_files, const char *rule)
{
    struct recording recording = machine(shm_files);
    return found(&recording, rule);
}

/* --- exposed --- */

static void what_all_may_write_is_a_hint(void **state)
{
    (void)state;
    assert_string_equal(found_in(FILE_OF("7", "4096", "900", "1", "33206", "5", "ring"), "exposed"),
                        "hint posix-shm:/ring");
    assert_string_equal(found_in(FILE_OF("7", "4096", "900", "1", "33204", "5", "ring"), "exposed"), "");
    assert_string_equal(found_in(FILE_OF("7", "4096", "900", "1", "33206", "5", "below/ring"), "exposed"),
                        "");
    struct recording recording = machine("");
    recording_write(&recording, "proc/sysvipc/shm", SHM_HEAD "0 5 666 4096 20 0 0 0 0 0 0 0 0 900 0 0\n");
    assert_string_equal(found(&recording, "exposed"), "hint sysv-shm:5");
}

static void what_has_no_name_is_not_exposed(void **state)
{
    (void)state;
    struct recording recording = machine("");
    recording_write(&recording, "proc/sysvipc/shm", SHM_HEAD "0 5 1666 4096 20 0 1 0 0 0 0 0 0 900 0 0\n");
    assert_string_equal(found(&recording, "exposed"), "");
}

/* --- reused-pid --- */

static const char *reused(const char *row)
{
    struct recording recording = machine("");
    char rows[256];
    snprintf(rows, sizeof(rows), SHM_HEAD "%s\n", row);
    recording_write(&recording, "proc/sysvipc/shm", rows);
    return found(&recording, "reused-pid");
}

static void a_pid_that_started_later_is_another_one(void **state)
{
    (void)state;
    assert_string_equal(reused("0 5 600 4096 30 0 0 0 0 0 0 0 0 900 0 0"), "likely sysv-shm:5");
    assert_string_equal(reused("0 5 600 4096 20 30 0 0 0 0 0 900 900 900 0 0"), "likely sysv-shm:5");
    assert_string_equal(reused("0 5 600 4096 30 30 0 0 0 0 0 990 0 960 0 0"), "");
    assert_string_equal(reused("0 5 600 4096 99 0 0 0 0 0 0 0 0 900 0 0"), "");
}

static void semaphores_remember_pids_of_their_own(void **state)
{
    (void)state;
    struct recording recording = machine("");
    recording_write(&recording, "proc/sysvipc/sem", "head\n0 4 600 2 0 0 0 0 900 100\n");
    recording_write(&recording, "proc/sysvipc/sem.4", "0 20 0 0\n0 30 0 0\n");
    assert_string_equal(found(&recording, "reused-pid"), "likely sysv-sem:4");
}

/* --- dead-notify --- */

static const char *notified(const char *pid)
{
    struct recording recording = machine("");
    char row[128];
    snprintf(row, sizeof(row), "0 2 10 8192 1 16 12 %s 80 80 0 0 0 0 0 0 19 33152 1 0 0 jobs\n", pid);
    recording_write(&recording, "dev/mqueue/files", row);
    return found(&recording, "dead-notify");
}

static void a_registration_outlives_its_process(void **state)
{
    (void)state;
    assert_string_equal(notified("99"), "certain posix-mq:/jobs");
    assert_string_equal(notified("20"), "");
    assert_string_equal(notified("0"), "");
}

/* --- stale-semaphore --- */

static void an_interrupted_sem_open_leaves_a_file(void **state)
{
    (void)state;
    const char *rule = "stale-semaphore";
    /* Killed before it was filled, after, and before the temporary name was unlinked. */
    assert_string_equal(found_in(FILE_OF("7", "0", "900", "1", "33152", "0", "sem.x7Kq2Z"), rule),
                        "likely posix-sem:/x7Kq2Z");
    assert_string_equal(found_in(SEMAPHORE_OF("7", "900", "1", "sem.x7Kq2Z"), rule),
                        "hint posix-sem:/x7Kq2Z");
    assert_string_equal(
        found_in(SEMAPHORE_OF("7", "900", "2", "sem.x7Kq2Z") SEMAPHORE_OF("7", "900", "2", "sem.gate"), rule),
        "likely posix-sem:/x7Kq2Z");
}

static void semaphores_of_programs_are_not_stale(void **state)
{
    (void)state;
    const char *rule = "stale-semaphore";
    assert_string_equal(found_in(SEMAPHORE_OF("7", "900", "1", "sem.worker"), rule), "");
    assert_string_equal(found_in(SEMAPHORE_OF("7", "900", "1", "sem.Worker"), rule), "");
    assert_string_equal(found_in(SEMAPHORE_OF("7", "900", "1", "sem.x7Kq2Zz"), rule), "");
    assert_string_equal(found_in(SEMAPHORE_OF("7", "900", "1", "sem.x7Kq_Z"), rule), "");
    /* Perhaps it is being made right now. */
    assert_string_equal(found_in(FILE_OF("7", "0", "1000", "1", "33152", "0", "sem.x7Kq2Z"), rule), "");
}

static void a_temporary_name_in_use_is_not_stale(void **state)
{
    (void)state;
    struct recording recording = machine(SEMAPHORE_OF("7", "900", "1", "sem.x7Kq2Z"));
    recording_write(&recording, "proc/20/vmas", "4096 8192 0 7 0 20 3 8 /dev/shm/sem.x7Kq2Z\n");
    assert_string_equal(found(&recording, "stale-semaphore"), "");
}

/* --- unlinked --- */

static const char *unlinked(const char *size, const char *vmas)
{
    struct recording recording = machine("");
    char fds[256];
    snprintf(fds, sizeof(fds), "3 3 32 9 %s %s 0 0 0 0 0 20 33152 0 0 0 /dev/shm/frames (deleted)\n", size,
             size);
    recording_write(&recording, "proc/20/fds", fds);
    recording_write(&recording, "proc/20/vmas", vmas);
    return found(&recording, "unlinked");
}

static void memory_that_only_a_descriptor_keeps_is_told(void **state)
{
    (void)state;
    assert_string_equal(unlinked("33554432", ""), "likely posix-shm:/frames#9");
    assert_string_equal(unlinked("65536", ""), "");
    assert_string_equal(unlinked("33554432", "4096 8192 0 9 0 20 3 8 /dev/shm/frames (deleted)\n"), "");
}

/* --- squatter --- */

/* A file of user 5 that a process of that uid maps. */
static const char *mapped_by(const char *name, const char *uid)
{
    char files[256], status[128], vmas[128];
    snprintf(files, sizeof(files), FILE_OF("7", "4096", "900", "1", "33206", "5", "%s"), name);
    struct recording recording = machine(files);
    snprintf(status, sizeof(status), "1 0 0 0 0 0 0 0 5 16749 9 %s 1000\n", uid);
    recording_write(&recording, "proc/20.stat", status);
    snprintf(vmas, sizeof(vmas), "4096 8192 0 7 0 20 3 8 /dev/shm/%s\n", name);
    recording_write(&recording, "proc/20/vmas", vmas);
    return found(&recording, "squatter");
}

static void a_file_that_only_another_user_uses_is_squatted(void **state)
{
    (void)state;
    assert_string_equal(mapped_by("PostgreSQL.77", "1000"), "likely posix-shm:/PostgreSQL.77");
    assert_string_equal(mapped_by("ring", "1000"), "hint posix-shm:/ring");
    assert_string_equal(mapped_by("ring", "5"), "");
    /* Who cannot be traced shows as root. */
    assert_string_equal(mapped_by("ring", "0"), "");
}

static void a_name_says_whose_file_it_is(void **state)
{
    (void)state;
    const char *rule = "squatter";
    assert_string_equal(
        found_in(FILE_OF("7", "4096", "900", "1", "33152", "5", "libpod_rootless_lock_1000"), rule),
        "likely posix-shm:/libpod_rootless_lock_1000");
    assert_string_equal(found_in(FILE_OF("7", "4096", "900", "1", "33152", "5", "u1000-Shm_6352d4fc"), rule),
                        "likely posix-shm:/u1000-Shm_6352d4fc");
    assert_string_equal(found_in(FILE_OF("7", "4096", "900", "1", "33152", "5", "u5-Shm_6352d4fc"), rule),
                        "");
    assert_string_equal(found_in(FILE_OF("7", "4096", "900", "1", "33152", "5", "u1000-frames"), rule), "");
    assert_string_equal(found_in(FILE_OF("7", "4096", "900", "1", "33152", "0", "u1000-Shm_6352d4fc"), rule),
                        "");
}

static void a_program_that_runs_expects_its_names(void **state)
{
    (void)state;
    struct recording recording = machine(FILE_OF("7", "4096", "900", "1", "33152", "1000", "PostgreSQL.1")
                                             FILE_OF("8", "4096", "900", "1", "33152", "5", "PostgreSQL.2"));
    recording_write(&recording, "proc/20/vmas", "4096 8192 0 7 0 20 3 8 /dev/shm/PostgreSQL.1\n");
    assert_string_equal(found(&recording, "squatter"), "hint posix-shm:/PostgreSQL.2");
    /* Leftovers of one's own are none. */
    recording = machine(FILE_OF("7", "4096", "900", "1", "33152", "1000", "PostgreSQL.1")
                            FILE_OF("8", "4096", "900", "1", "33152", "1000", "PostgreSQL.2"));
    recording_write(&recording, "proc/20/vmas", "4096 8192 0 7 0 20 3 8 /dev/shm/PostgreSQL.1\n");
    assert_string_equal(found(&recording, "squatter"), "");
}

/* --- the list --- */

static int find_nothing(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return 0;
    return 1;
}

/* What makes `shmoo waits` fail is about waits; a hint about permissions never is. */
static void only_waits_are_stuck(void **state)
{
    static const char *const stuck[] = {"deadlock", "dead-holder", "abandoned", "hopeless"};
    (void)state;
    for (const struct rule *const *rule = rules; *rule; rule++)
        assert_int_equal((*rule)->stuck, !find_nothing(stuck, COUNT_OF(stuck), (*rule)->name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_all_may_write_is_a_hint),
        cmocka_unit_test(what_has_no_name_is_not_exposed),
        cmocka_unit_test(a_pid_that_started_later_is_another_one),
        cmocka_unit_test(semaphores_remember_pids_of_their_own),
        cmocka_unit_test(a_registration_outlives_its_process),
        cmocka_unit_test(an_interrupted_sem_open_leaves_a_file),
        cmocka_unit_test(semaphores_of_programs_are_not_stale),
        cmocka_unit_test(a_temporary_name_in_use_is_not_stale),
        cmocka_unit_test(memory_that_only_a_descriptor_keeps_is_told),
        cmocka_unit_test(a_file_that_only_another_user_uses_is_squatted),
        cmocka_unit_test(a_name_says_whose_file_it_is),
        cmocka_unit_test(a_program_that_runs_expects_its_names),
        cmocka_unit_test(only_waits_are_stuck),
    };
    return cmocka_run_group_tests_name("findings", tests, NULL, NULL);
}
