/* test_replay_hostile.c - recordings that somebody made to do harm: a clear error or nothing, never more. */
#include "tests/unit/recording.h"

#include "common/array.h"
#include "probes/edge.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void what_is_no_recording_is_refused(void **state)
{
    (void)state;
    static const char *const heads[] = {"", "shmoo recording 2\n", "shmoo recording", "SHMOO RECORDING 1\n",
                                        " shmoo recording 1\n"};
    struct recording recording = recording_start();
    struct kernel *kernel = NULL;
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        recording_write(&recording, RECORDING_FILE, heads[i]);
        assert_int_equal(kernel_open_recording(recording.path, &kernel), -EINVAL);
    }
    assert_int_equal(unlinkat(recording.folder, RECORDING_FILE, 0), 0);
    assert_int_equal(kernel_open_recording(recording.path, &kernel), -EINVAL);
    assert_int_equal(kernel_open_recording("/tmp/there/is/no/such/folder", &kernel), -ENOENT);
    assert_int_equal(kernel_open_recording("/proc/self/status", &kernel), -ENOTDIR);
    assert_null(kernel);
    recording_end(&recording);
}

static void a_recording_without_a_clock_or_processes_is_refused(void **state)
{
    (void)state;
    static const char *const paths[] = {"clock", "proc/pids"};
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        struct recording recording = recording_start();
        struct snapshot *snapshot = NULL;
        AUTO_KERNEL struct kernel *kernel = NULL;
        assert_int_equal(unlinkat(recording.folder, paths[i], 0), 0);
        assert_int_equal(kernel_open_recording(recording.path, &kernel), 0);
        assert_int_equal(snapshot_collect(kernel, &everything, &snapshot), -ENOENT);
        assert_null(snapshot);
        recording_end(&recording);
    }
}

static int read_answer(const struct recording *recording, const char *path)
{
    AUTO_KERNEL struct kernel *kernel = NULL;
    AUTO_STRBUF struct strbuf text = {0};
    assert_int_equal(kernel_open_recording(recording->path, &kernel), 0);
    int r = kernel->ops->read(kernel, path, &text);
    return r < 0 ? r : (int)text.length;
}

static void only_files_of_the_recording_are_read(void **state)
{
    (void)state;
    struct recording recording = recording_start();
    recording_write(&recording, "here/file", "12345");
    assert_int_equal(mkdirat(recording.folder, "dir", 0700), 0);
    assert_int_equal(mkfifoat(recording.folder, "fifo", 0600), 0);
    assert_int_equal(symlinkat("here/file", recording.folder, "link"), 0);
    assert_int_equal(symlinkat("here", recording.folder, "folder"), 0);
    assert_int_equal(symlinkat("/proc", recording.folder, "proc-link"), 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof(address.sun_path), "%s/socket", recording.path);
    AUTO_CLOSE int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);

    assert_int_equal(read_answer(&recording, "here/file"), 5);
    assert_int_equal(read_answer(&recording, "here//file"), 5);
    static const char *const refused[] = {
        "dir",
        "fifo",
        "link",
        "folder/file",
        "proc-link/self/status",
        "socket",
        "absent",
        "here/absent",
        "here/file/below",
        "../etc/passwd",
        "here/../../etc/passwd",
        "/etc/passwd",
    };
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        assert_int_equal(read_answer(&recording, refused[i]), -ENOENT);
    recording_end(&recording);
}

static void recorded_errors_are_errors_of_the_kernel_or_none(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int expected;
    } cases[] = {
        {"13\n",                   -EACCES},
        {"1",                      -EPERM },
        {"0\n",                    -ENOENT},
        {"-13\n",                  -ENOENT},
        {"4096\n",                 -ENOENT},
        {"99999999999999999999\n", -ENOENT},
        {"",                       -ENOENT},
        {"EACCES",                 -ENOENT},
    };
    struct recording recording = recording_start();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        recording_write(&recording, "x.error", cases[i].text);
        assert_int_equal(read_answer(&recording, "x"), cases[i].expected);
    }
    recording_end(&recording);
}

/* Every answer of a full machine, replaced by each kind of nonsense: something comes of it, or an error. */
static void nonsense_in_every_file_does_no_harm(void **state)
{
    (void)state;
    static const char *const paths[] = {
        "clock",
        "proc/pids",
        "proc/20/tids",
        "proc/20/vmas",
        "proc/20/fds",
        "proc/20/stat",
        "proc/20.stat",
        "proc/20/ns/ipc.link",
        "proc/20/ns/mnt.link",
        "proc/20/task/20/syscall",
        "proc/20/status",
        "proc/20/cgroup",
        "proc/20/cmdline",
        "proc/20/mountinfo",
        "proc/self/mountinfo",
        "proc/20/fd/3.fs",
        "proc/20/fd/3.pipe",
        "proc/20/fdinfo/3",
        "proc/20/map_files/1000-2000.stat",
        "proc/sysvipc/shm",
        "proc/sysvipc/sem",
        "proc/sysvipc/msg",
        "proc/sysvipc/sem.5",
        "proc/sysvipc/msg.5",
        "proc/locks",
        "dev/shm.stat",
        "dev/shm/files",
        "dev/mqueue/files",
        "net/unix",
        "ipc/20/entered",
        "ipc/20/proc/sysvipc/shm",
    };
    static const char *const nonsense[] = {
        "",
        "\n\n\n",
        "18446744073709551615 18446744073709551615 18446744073709551615 18446744073709551615 1 1 1 1 1 1 1 "
        "/x\n",
        "4294967295 4294967295 4294967295 4294967295 4294967295 4294967295 4294967295 4294967295\n",
        "-1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1\nkey\n-1 -1 777 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 "
        "-1\n",
        "x\n5 5 600\n5 5 600 9223372036854775807 1 1 1 1 1 1 1 1 1 1 1 1\n5 5 600 65535\n",
        "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 \n",
        "32 32 0 0 0 0 7 1 1 1 1 1 1 0 20 33152 1 0 0 sem.x\\x00y/../../z\n0 33 0 0 0 0 7 1 1 1 1 1 1 0 20 "
        "33152 1 0 0 x\n",
        "20 (((((((((())))))) R\n20 (x) R -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 4294967296 0 1",
        "202 0x1000 0x80 0x0 0x0 0x0 0x0\n",
        "0 0x3 0x0 0x0 0x0 0x0 0x0\n",
        "257 0xffffff9c 0x1000 0x0 0x0 0x0 0x0\n",
        "65 0x5 0x1000 0xffffffffffffffff 0x0 0x0 0x0\n",
        "1: POSIX ADVISORY WRITE 20 00:14:77 0 EOF\n1: -> POSIX ADVISORY WRITE 20 00:14:77 0 EOF\n2: -> X X "
        "X 0 0:0:0 0 0\n",
        "1 1 0:20 / /dev/shm rw - tmpfs x rw\n1 1 0:20 / /\\057dev/shm/../../dev/shm rw - tmpfs x rw\n",
        "4096 8192 0 77 0 20 255 8 /dev/shm/ring (deleted)\n4096 8192 0 77 0 1 3 1 /SYSV00000000\n"
        "4096 8192 0 78 0 1 3 2 /dev/zero\n0 18446744073709551615 0 78 0 1 3 4 /memfd:\n0 0 0 1 0 20 3 8 \n",
        "3 3 1 7 0 0 0 0 0 0 0 0 0 0 0 0 pipe:[7]\n3 3 32 77 0 0 0 0 0 0 0 20 33152 0 0 0 \n"
        "3 3 16 77 0 0 0 0 0 0 0 20 33152 0 0 0 /q\n3 3 8 77 0 0 0 0 0 0 0 20 33152 0 0 0 /memfd\n",
        "7 7 1 1 1 1 1 1 1\n7 8 5 10 1 1 1 1 1 \\x00\n0 0 0 0 0 0 0 0 0 \\xff\n",
    };
    static const char *const full[][2] = {
        {"proc/pids",               "20\n20\n2147483647\n0\n-3\n"                                   },
        {"proc/20/tids",            "20\n"                                                          },
        {"proc/20/vmas",
         "4096 8192 0 77 0 20 3 8 /dev/shm/ring\n8192 12288 0 5 0 1 3 1 /SYSV00000000 (deleted)\n"  },
        {"proc/20/fds",
         "3 3 32 77 0 0 0 0 0 0 0 20 33152 1 0 0 /dev/shm/ring\n4 3 4 0 0 0 0 0 0 0 0 0 0 0 0 0 x\n"},
        {"dev/shm.stat",            "1 0 0 0 0 0 0 0 20 17407 2 0 0\n"                              },
        {"dev/shm/files",           "0 0 0 0 0 0 77 4096 4096 0 0 0 0 0 20 33152 1 0 0 ring\n"      },
        {"proc/sysvipc/shm",        "x\n0 5 600 4096 20 20 1 0 0 0 0 0 0 0 0 0\n"                   },
        {"proc/sysvipc/sem",        "x\n0 5 600 2 0 0 0 0 0 0\n"                                    },
        {"proc/20/task/20/syscall", "202 0x1000 0x80 0x0 0x0 0x0 0x0\n"                             },
        {"proc/20/ns/mnt.link",     "mnt:[8]"                                                       },
    };
    struct request request = everything;
    request.all_namespaces = true;
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        struct recording recording = recording_start();
        recording_add_process(&recording, 20, 5);
        for (size_t j = 0; j < COUNT_OF(full); j++)
            recording_write(&recording, full[j][0], full[j][1]);
        for (size_t j = 0; j < COUNT_OF(nonsense); j++) {
            AUTO_KERNEL struct kernel *kernel = NULL;
            AUTO_STRBUF struct strbuf text = {0};
            struct snapshot *snapshot = NULL;
            recording_write(&recording, paths[i], nonsense[j]);
            assert_int_equal(kernel_open_recording(recording.path, &kernel), 0);
            if (snapshot_collect(kernel, &request, &snapshot) == 0)
                snapshot_print(&text, snapshot, NULL);
            snapshot_free(snapshot);
        }
        recording_end(&recording);
    }
}

/* Longer than any path of a kernel; a value must not reach behind the buffer it was made in. */
static void a_name_of_any_length_is_taken_whole(void **state)
{
    (void)state;
    enum { LENGTH = 100000 };
    struct recording recording = recording_start();
    AUTO_STRBUF struct strbuf files = {0};
    recording_write(&recording, "dev/shm.stat", "1 0 0 0 0 0 0 0 20 17407 2 0 0\n");
    strbuf_add_string(&files, "0 0 0 0 0 0 77 4096 4096 0 0 0 0 0 20 33152 1 0 0 ");
    for (size_t i = 0; i < LENGTH; i++)
        strbuf_add_char(&files, 'x');
    strbuf_add_char(&files, '\n');
    recording_write(&recording, "dev/shm/files", files.text);
    struct snapshot *snapshot = recording_collect(&recording, &everything);
    assert_int_equal(snapshot->object_count, 1);
    struct value name = snapshot->objects[0]->fields[FIELD_NAME],
                 path = snapshot->objects[0]->fields[FIELD_PATH];
    assert_int_equal(name.length, LENGTH + 1);
    assert_int_equal(strspn(name.string + 1, "x"), LENGTH);
    assert_int_equal(path.length, strlen("/dev/shm/") + LENGTH);
    snapshot_free(snapshot);
    recording_end(&recording);
}

/* What a short row lacks is not that of the row before. */
static void a_short_row_has_nothing_of_another(void **state)
{
    (void)state;
    struct recording recording = recording_start();
    recording_write(&recording, "proc/sysvipc/msg", "head\n0 5 600 4711 3 1 1 0 0 0 0 0 0 0\n0 6 600\n");
    struct snapshot *snapshot = recording_collect(&recording, &everything);
    assert_int_equal(snapshot_find(snapshot, "sysv-msg:5")->fields[FIELD_USED].number, 4711);
    assert_int_equal(snapshot_find(snapshot, "sysv-msg:6")->fields[FIELD_USED].number, 0);
    snapshot_free(snapshot);
    recording_end(&recording);
}

/* The class decides how a name is read. */
static void a_class_that_is_none_is_passed_over(void **state)
{
    (void)state;
    struct recording recording = recording_start();
    recording_add_process(&recording, 20, 5);
    recording_write(&recording, "proc/pids", "20\n");
    recording_write(
        &recording, "proc/20/vmas",
        "4096 8192 0 5 0 1 3 0 /memfd:a\n4096 8192 0 6 0 1 3 255 /memfd:b\n4096 8192 0 7 0 1 3 16 /memfd:c\n"
        "8192 4096 0 8 0 1 3 4 /memfd:d\n4096 8192 0 9 0 1 3 4 /memfd:e\n"
        "4096 8192 0 10 0 1 3 4 /memfd\n4096 8192 0 11 0 1 3 8 \n4096 8192 0 12 0 1 3 8 x\n");
    struct snapshot *snapshot = recording_collect(&recording, &everything);
    assert_int_equal(snapshot->object_count, 1);
    assert_string_equal(snapshot->objects[0]->label, "memfd:9");
    snapshot_free(snapshot);
    recording_end(&recording);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_recording_is_refused),
        cmocka_unit_test(a_recording_without_a_clock_or_processes_is_refused),
        cmocka_unit_test(only_files_of_the_recording_are_read),
        cmocka_unit_test(recorded_errors_are_errors_of_the_kernel_or_none),
        cmocka_unit_test(nonsense_in_every_file_does_no_harm),
        cmocka_unit_test(a_name_of_any_length_is_taken_whole),
        cmocka_unit_test(a_short_row_has_nothing_of_another),
        cmocka_unit_test(a_class_that_is_none_is_passed_over),
    };
    return cmocka_run_group_tests_name("replay_hostile", tests, NULL, NULL);
}
