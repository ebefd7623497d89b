/* test_replay.c - a recording answers what the machine answered: equal snapshots, live and recorded. */
#include "tests/unit/recording.h"

#include "common/array.h"
#include "common/scan.h"
#include "probes/edge.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

/* --- lines --- */

static void lines_come_back_as_they_were(void **state)
{
    (void)state;
    static const char name[] = "/a\n\x1b[31m\xff\\ \"b (deleted)";
    struct vma vma = {.start = UINT64_MAX - 1,
                      .end = UINT64_MAX,
                      .inode = 9,
                      .major = UINT32_MAX,
                      .access = 3,
                      .vma_class = VMA_FILE},
               back = {0};
    AUTO_STRBUF struct strbuf text = {0}, rest = {0};
    record_write(&text, &record_vma, &vma, name, strlen(name));
    assert_int_equal(text.text[text.length - 1], '\n');
    assert_ptr_equal(memchr(text.text, '\n', text.length), text.text + text.length - 1);
    assert_true(record_read(scan_bytes(text.text, text.length - 1), &record_vma, &back, &rest));
    assert_memory_equal(&back, &vma, sizeof(vma));
    assert_string_equal(rest.text, name);
}

static void signed_members_keep_their_sign(void **state)
{
    (void)state;
    struct semaphore semaphore = {.value = -1, .pid = INT32_MIN, .ncnt = INT32_MAX}, back = {0};
    AUTO_STRBUF struct strbuf text = {0}, rest = {0};
    record_write(&text, &record_semaphore, &semaphore, NULL, 0);
    assert_true(record_read(scan_bytes(text.text, text.length - 1), &record_semaphore, &back, &rest));
    assert_memory_equal(&back, &semaphore, sizeof(back));
}

static void abstract_names_keep_their_nul(void **state)
{
    (void)state;
    struct unix_socket socket = {.inode = 1}, back = {0};
    AUTO_STRBUF struct strbuf text = {0}, rest = {0};
    record_write(&text, &record_socket, &socket, "\0a\0b", 4);
    assert_true(record_read(scan_bytes(text.text, text.length - 1), &record_socket, &back, &rest));
    assert_int_equal(rest.length, 4);
    assert_memory_equal(rest.text, "\0a\0b", 4);
}

static void other_lines_are_refused(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "", "1", "1 ", "1  2", "1 -2", "1 x", "1 18446744073709551616", "1 2x", "1 2 \\x4", "1 2 \\q", " 1 2",
    };
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        struct pipe_state pipe;
        AUTO_STRBUF struct strbuf rest = {0};
        assert_false(record_read(scan_text(lines[i]), &record_pipe, &pipe, &rest));
    }
    struct semaphore semaphore;
    AUTO_STRBUF struct strbuf rest = {0};
    assert_true(record_read(scan_text("4294967295 0 0 0"), &record_semaphore, &semaphore, &rest));
    assert_false(record_read(scan_text("4294967296 0 0 0"), &record_semaphore, &semaphore, &rest));
}

static void paths_stay_inside(void **state)
{
    (void)state;
    static const char *const inside[] = {"a", "a/b", "..a/b..", "a/...", "a/..b", "./a", ""};
    static const char *const outside[] = {"/", "/a", "..", "../a", "a/..", "a/../b", "a//../b"};
    for (size_t i = 0; i < COUNT_OF(inside); i++)
        assert_true(record_path_is_inside(inside[i]));
    for (size_t i = 0; i < COUNT_OF(outside); i++)
        assert_false(record_path_is_inside(outside[i]));
}

/* --- recordings --- */

/* Collects from a kernel while it is recorded, then from the recording, and compares all of it. */
static void record_and_compare(struct kernel *inner, const struct request *request)
{
    struct recording copy = recording_start();
    AUTO_KERNEL struct kernel *recorder = NULL;
    assert_int_equal(kernel_open_recorder(inner, copy.folder, false, &recorder), 0);
    struct snapshot *live = collect_from(recorder, request);
    assert_int_equal(kernel_recorder_finish(recorder), 0);
    struct snapshot *recorded = recording_collect(&copy, request);
    AUTO_STRBUF struct strbuf expected = {0}, actual = {0};
    snapshot_print(&expected, live, NULL);
    snapshot_print(&actual, recorded, NULL);
    assert_string_equal(strbuf_text(&actual), strbuf_text(&expected));
    assert_true(live->all_visible == recorded->all_visible);
    assert_true(live->time == recorded->time);
    snapshot_free(live);
    snapshot_free(recorded);
    recording_end(&copy);
}

/*
 * The running machine changes while it is recorded, but for what we alone hold. Command lines are left out of
 * a recording, so they are not asked for; everything else is.
 */
static void record_ourselves(bool all_namespaces)
{
    struct request request = everything;
    struct recording copy = recording_start();
    struct kernel *inner = NULL;
    AUTO_KERNEL struct kernel *recorder = NULL;
    AUTO_CLOSE int memory = memfd_create("m\n\xff", MFD_CLOEXEC), event = eventfd(7, EFD_CLOEXEC);
    int pipes[2];
    assert_int_equal(pipe(pipes), 0);
    assert_int_equal(write(pipes[1], "12345", 5), 5);
    assert_true(event >= 0);
    assert_int_equal(ftruncate(memory, 4096), 0);
    assert_int_equal(flock(memory, LOCK_EX), 0);

    request.needs = NEED_USERS | NEED_WAITERS | NEED_VALUES | NEED_VERDICTS;
    request.all_namespaces = all_namespaces;
    struct kernel_live_options options = {.all_namespaces = all_namespaces};
    assert_int_equal(kernel_open_live(&options, &inner), 0);
    assert_int_equal(kernel_open_recorder(inner, copy.folder, false, &recorder), 0);
    struct snapshot *live = collect_from(recorder, &request);
    assert_int_equal(kernel_recorder_finish(recorder), 0);
    struct snapshot *recorded = recording_collect(&copy, &request);
    AUTO_STRBUF struct strbuf expected = {0}, actual = {0};
    assert_true(snapshot_print_own(&expected, live) >= 4);
    snapshot_print_own(&actual, recorded);
    assert_string_equal(strbuf_text(&actual), strbuf_text(&expected));
    assert_true(live->all_visible == recorded->all_visible);
    snapshot_free(live);
    snapshot_free(recorded);
    close(pipes[0]);
    close(pipes[1]);
    recording_end(&copy);
}

static void the_running_machine_is_recorded(void **state)
{
    (void)state;
    record_ourselves(false);
}

static void all_namespaces_are_recorded(void **state)
{
    (void)state;
    record_ourselves(true);
}

#define SHM_HEAD "key shmid perms size cpid lpid nattch uid gid cuid cgid atime dtime ctime rss swap\n"

static struct kernel *replay_of(const struct recording *recording)
{
    struct kernel *kernel = NULL;
    assert_int_equal(kernel_open_recording(recording->path, &kernel), 0);
    return kernel;
}

static void what_could_not_be_read_is_recorded(void **state)
{
    (void)state;
    struct recording recording = recording_start();
    recording_add_process(&recording, 20, 5);
    recording_add_process(&recording, 21, 5);
    recording_write(&recording, "proc/pids", "20\n21\n");
    recording_write(&recording, "proc/21/vmas.error", "13\n");
    recording_write(&recording, "proc/21/fds.error", "13\n");
    recording_write(&recording, "proc/20/vmas", "4096 8192 0 77 0 20 3 8 /dev/shm/ring\nerror 36\n");
    recording_write(&recording, "dev/shm.stat", "1 0 0 0 0 0 0 0 20 17407 2 0 0\n");
    recording_write(&recording, "dev/shm/files",
                    "0 0 0 0 0 0 77 4096 4096 0 0 0 0 0 20 33152 1 0 0 ring\nerror 13\n");
    recording_write(&recording, "proc/sysvipc/shm.error", "1\n");
    struct snapshot *snapshot = recording_collect(&recording, &everything);
    assert_non_null(snapshot_find(snapshot, "posix-shm:/ring"));
    assert_int_equal(snapshot_users(snapshot, snapshot_find(snapshot, "posix-shm:/ring"), EDGE_MAPPED), 1);
    assert_true(snapshot_has_gap(snapshot, "maps", EACCES));
    assert_true(snapshot_has_gap(snapshot, "maps", ENAMETOOLONG));
    assert_true(snapshot_has_gap(snapshot, "fd", EACCES));
    assert_true(snapshot_has_gap(snapshot, "shm files", EACCES));
    assert_true(snapshot_has_gap(snapshot, "sysvipc", EPERM));
    snapshot_free(snapshot);
    record_and_compare(replay_of(&recording), &everything);
    recording_end(&recording);
}

/* Names that a user chose must not stop the recording, nor end up in the place of another answer. */
static void hostile_paths_do_not_stop_a_recording(void **state)
{
    (void)state;
    struct recording recording = recording_start();
    recording_add_process(&recording, 20, 5);
    recording_write(&recording, "proc/pids", "20\n");
    recording_write(&recording, "proc/20/vmas",
                    "4096 8192 0 77 0 20 3 8 /clock/x\n"
                    "8192 12288 0 78 0 20 3 8 /shmoo-recording/x\n"
                    "12288 16384 0 79 0 20 3 8 /../../../../tmp/x\n"
                    "16384 20480 0 80 0 20 3 8 /proc/20/vmas/y\n");
    recording_write(&recording, "proc/20/map_files/1000-2000.stat.error", "1\n");
    recording_write(&recording, "proc/20/map_files/2000-3000.stat.error", "1\n");
    recording_write(&recording, "proc/20/map_files/3000-4000.stat.error", "1\n");
    recording_write(&recording, "proc/20/map_files/4000-5000.stat.error", "1\n");
    record_and_compare(replay_of(&recording), &everything);
    recording_end(&recording);
}

static void command_lines_are_left_out_unless_asked_for(void **state)
{
    (void)state;
    for (int with = 0; with < 2; with++) {
        struct recording recording = recording_start(), copy = recording_start();
        recording_add_process(&recording, 20, 5);
        recording_write(&recording, "proc/pids", "20\n");
        recording_write(&recording, "proc/20/cmdline", "x --password=secret");
        recording_write(&recording, "proc/20/fds", "3 1 1 7 0 0 0 0 0 0 0 0 0 0 0 0 pipe:[7]\n");
        AUTO_KERNEL struct kernel *recorder = NULL;
        assert_int_equal(kernel_open_recorder(replay_of(&recording), copy.folder, with, &recorder), 0);
        struct snapshot *live = collect_from(recorder, &everything);
        assert_int_equal(live->processes[0].command.type, VALUE_STRING);
        assert_int_equal(kernel_recorder_finish(recorder), 0);
        struct snapshot *recorded = recording_collect(&copy, &everything);
        assert_int_equal(recorded->process_count, 1);
        assert_int_equal(recorded->processes[0].command.type, with ? VALUE_STRING : VALUE_NONE);
        snapshot_free(live);
        snapshot_free(recorded);
        recording_end(&recording);
        recording_end(&copy);
    }
}

/* Who recorded decides what an absent process means, not who reads the recording. */
static void visibility_is_that_of_the_recorder(void **state)
{
    (void)state;
    for (int root = 0; root < 2; root++) {
        struct recording recording = recording_start();
        recording_write(&recording, RECORDING_FILE,
                        root ? RECORDING_HEAD "sees_all: 1\n" : RECORDING_HEAD "sees_all: 0\n");
        recording_write(&recording, "proc/self/mountinfo",
                        "20 1 0:5 / /proc rw - proc proc rw,hidepid=invisible\n");
        recording_write(&recording, "proc/sysvipc/shm",
                        SHM_HEAD "0 5 600 4096 4711 0 0 0 0 0 0 0 0 900 0 0\n");
        struct snapshot *snapshot = recording_collect(&recording, &everything);
        const struct object *object = snapshot_find(snapshot, "sysv-shm:5");
        assert_non_null(object);
        assert_int_equal(snapshot_verdict(snapshot, object, FIELD_CPID),
                         root ? VERDICT_DEAD : VERDICT_UNKNOWN);
        snapshot_free(snapshot);
        recording_end(&recording);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_back_as_they_were),
        cmocka_unit_test(signed_members_keep_their_sign),
        cmocka_unit_test(abstract_names_keep_their_nul),
        cmocka_unit_test(other_lines_are_refused),
        cmocka_unit_test(paths_stay_inside),
        cmocka_unit_test(the_running_machine_is_recorded),
        cmocka_unit_test(all_namespaces_are_recorded),
        cmocka_unit_test(what_could_not_be_read_is_recorded),
        cmocka_unit_test(hostile_paths_do_not_stop_a_recording),
        cmocka_unit_test(command_lines_are_left_out_unless_asked_for),
        cmocka_unit_test(visibility_is_that_of_the_recorder),
    };
    return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
