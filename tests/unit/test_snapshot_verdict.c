/* test_snapshot_verdict.c - what became of the processes that objects remember, and other conclusions of a
 * snapshot. */
#include "tests/unit/machine.h"

#include "common/array.h"

#include <errno.h>

#define SHM_HEAD "key shmid perms size cpid lpid nattch uid gid cuid cgid atime dtime ctime rss swap\n"

/* The verdict about a segment's creator: the process started at `start` s, the segment was made at 900 s. */
static enum verdict verdict_of(const char *cpid, unsigned start, const char *mounts, bool sees_all)
{
    struct recording recording = recording_start();
    char rows[256];
    recording_write(&recording, RECORDING_FILE,
                    sees_all ? RECORDING_HEAD "sees_all: 1\n" : RECORDING_HEAD "sees_all: 0\n");
    recording_write(&recording, "proc/self/mountinfo", mounts);
    if (start)
        recording_add_process(&recording, 20, (start - 1) * 100);
    snprintf(rows, sizeof(rows), SHM_HEAD "0 5 600 4096 %s 0 0 0 0 0 0 0 0 900 0 0\n", cpid);
    recording_write(&recording, "proc/sysvipc/shm", rows);
    struct snapshot *snapshot = recording_collect(&recording, &everything);
    enum verdict verdict = snapshot_verdict(snapshot, snapshot_find(snapshot, "sysv-shm:5"), FIELD_CPID);
    assert_int_equal(snapshot_verdict(snapshot, snapshot_find(snapshot, "sysv-shm:5"), FIELD_LPID),
                     VERDICT_NONE);
    snapshot_free(snapshot);
    recording_end(&recording);
    return verdict;
}

#define OPEN_PROC  "20 1 0:5 / /proc rw - proc proc rw\n"
#define HIDES_PROC "20 1 0:5 / /proc rw - proc proc rw,hidepid=invisible\n"

static void creators_are_alive_dead_reused_or_unknown(void **state)
{
    (void)state;
    assert_int_equal(verdict_of("20", 800, OPEN_PROC, true), VERDICT_ALIVE);
    assert_int_equal(verdict_of("20", 901, OPEN_PROC, true), VERDICT_ALIVE);
    assert_int_equal(verdict_of("20", 950, OPEN_PROC, true), VERDICT_REUSED);
    assert_int_equal(verdict_of("20", 0, OPEN_PROC, true), VERDICT_DEAD);
    assert_int_equal(verdict_of("20", 0, OPEN_PROC, false), VERDICT_DEAD);
    assert_int_equal(verdict_of("0", 0, OPEN_PROC, true), VERDICT_UNKNOWN);
}

static void hidden_processes_are_not_dead(void **state)
{
    (void)state;
    assert_int_equal(verdict_of("20", 0, HIDES_PROC, true), VERDICT_DEAD);
    assert_int_equal(verdict_of("20", 0, HIDES_PROC, false), VERDICT_UNKNOWN);
    assert_int_equal(verdict_of("20", 800, HIDES_PROC, false), VERDICT_ALIVE);
    /* What a mount point is called hides nothing, nor does it reveal. */
    assert_int_equal(verdict_of("20", 0, "19 1 0:9 / /hidepid=0 rw - tmpfs x rw\n" HIDES_PROC, false),
                     VERDICT_UNKNOWN);
    assert_int_equal(verdict_of("20", 0, "19 1 0:9 / /hidepid=2 rw - tmpfs x rw\n" OPEN_PROC, false),
                     VERDICT_DEAD);
}

static void a_process_that_cannot_be_read_is_not_dead(void **state)
{
    (void)state;
    struct recording recording = recording_start();
    recording_write(&recording, "proc/20/stat.error", "13\n");
    recording_write(&recording, "proc/sysvipc/shm", SHM_HEAD "0 5 600 4096 20 0 0 0 0 0 0 0 0 900 0 0\n");
    struct snapshot *snapshot = recording_collect(&recording, &everything);
    assert_int_equal(snapshot_verdict(snapshot, snapshot_find(snapshot, "sysv-shm:5"), FIELD_CPID),
                     VERDICT_UNKNOWN);
    assert_true(snapshot_has_gap(snapshot, "stat", EACCES));
    snapshot_free(snapshot);
    recording_end(&recording);
}

/* Pid 20 of the reader's namespace is not pid 20 of /proc. */
static void pids_of_two_namespaces_are_not_compared(void **state)
{
    (void)state;
    struct recording recording = recording_start();
    recording_write(&recording, RECORDING_FILE, RECORDING_HEAD "sees_all: 1\nforeign_pids: 1\n");
    recording_add_process(&recording, 20, 800);
    recording_write(&recording, "proc/sysvipc/shm", SHM_HEAD "0 5 600 4096 20 21 0 0 0 0 0 900 0 900 0 0\n");
    struct snapshot *snapshot = recording_collect(&recording, &everything);
    const struct object *segment = snapshot_find(snapshot, "sysv-shm:5");
    assert_int_equal(snapshot_verdict(snapshot, segment, FIELD_CPID), VERDICT_UNKNOWN);
    assert_int_equal(snapshot_verdict(snapshot, segment, FIELD_LPID), VERDICT_UNKNOWN);
    assert_true(snapshot_has_gap(snapshot, "verdicts on processes", EXDEV));
    assert_false(snapshot_saw_everybody(snapshot));
    snapshot_free(snapshot);
    recording_end(&recording);
}

static enum verdict semaphore_verdict(const char *times, const char *value, unsigned start)
{
    struct recording recording = recording_start();
    char rows[128];
    recording_add_process(&recording, 20, (start - 1) * 100);
    snprintf(rows, sizeof(rows), "head\n0 4 600 1 0 0 0 0 %s\n", times);
    recording_write(&recording, "proc/sysvipc/sem", rows);
    recording_write(&recording, "proc/sysvipc/sem.4", value);
    struct snapshot *snapshot = recording_collect(&recording, &everything);
    enum verdict verdict = snapshot_verdict(snapshot, snapshot_find(snapshot, "sysv-sem:4"), FIELD_LPID);
    snapshot_free(snapshot);
    recording_end(&recording);
    return verdict;
}

/* semop() sets the operation time, semctl(SETVAL) only the change time; both leave a pid. */
static void the_last_process_of_a_semaphore_is_judged_by_both_times(void **state)
{
    (void)state;
    assert_int_equal(semaphore_verdict("900 100", "0 20 0 0\n", 800), VERDICT_ALIVE);
    assert_int_equal(semaphore_verdict("900 100", "0 20 0 0\n", 950), VERDICT_REUSED);
    assert_int_equal(semaphore_verdict("100 900", "0 20 0 0\n", 800), VERDICT_ALIVE);
    assert_int_equal(semaphore_verdict("0 900", "0 0 0 0\n", 800), VERDICT_NONE);
    assert_int_equal(semaphore_verdict("900 100", "0 0 0 0\n", 800), VERDICT_UNKNOWN);
}

#define FOLDER(minor) "1 0 0 0 0 0 0 0 " minor " 17407 2 0 0\n"
#define FILE_OF(inode, minor, name) \
    "0 0 0 0 0 0 " inode " 4096 4096 0 0 0 0 0 " minor " 33152 1 0 0 " name "\n"

/* However mounts are ordered, what our programs call /ring is posix-shm:/ring. */
static void our_own_folder_needs_no_suffix(void **state)
{
    (void)state;
    struct recording recording = recording_start();
    recording_write(&recording, "proc/self/mountinfo",
                    "30 1 0:21 / /srv/dev/shm rw - tmpfs x rw\n"
                    "31 1 0:20 /below /jail/dev/shm rw - tmpfs x rw\n"
                    "32 1 0:19 / /dev/shm rw - tmpfs hidden rw\n"
                    "33 1 0:20 / /dev/shm rw - tmpfs x rw\n");
    recording_write(&recording, "srv/dev/shm.stat", FOLDER("21"));
    recording_write(&recording, "jail/dev/shm.stat", FOLDER("20"));
    recording_write(&recording, "dev/shm.stat", FOLDER("20"));
    recording_write(&recording, "srv/dev/shm/files", FILE_OF("7", "21", "ring"));
    recording_write(&recording, "dev/shm/files",
                    FILE_OF("7", "20", "ring") FILE_OF("8", "20", "below/other"));
    struct snapshot *snapshot = recording_collect(&recording, &everything);
    assert_int_equal(snapshot->object_count, 3);
    assert_non_null(snapshot_find(snapshot, "posix-shm:/ring"));
    assert_non_null(snapshot_find(snapshot, "posix-shm:/below/other"));
    assert_non_null(snapshot_find(snapshot, "posix-shm:/ring@0:21"));
    snapshot_free(snapshot);
    recording_end(&recording);
}

static void mounts_that_cannot_be_looked_at_are_stated(void **state)
{
    (void)state;
    struct recording recording = recording_start();
    recording_write(&recording, "proc/self/mountinfo", "30 1 0:21 / /srv/dev/shm rw - tmpfs x rw\n");
    recording_write(&recording, "srv/dev/shm.stat.error", "13\n");
    struct snapshot *snapshot = recording_collect(&recording, &everything);
    assert_true(snapshot_has_gap(snapshot, "shm files", EACCES));
    snapshot_free(snapshot);
    recording_end(&recording);
}

/* A thread waits for a mutex whose owner's id is that of a process without that memory, thus of another one.
 */
static void the_holder_of_a_mutex_has_its_memory(void **state)
{
    (void)state;
    for (int maps = 0; maps < 2; maps++) {
        struct recording recording = machine_start();
        size_t count, holding = 0, waiting = 0;
        recording_write(&recording, "proc/21/vmas", maps ? "4096 8192 0 77 0 20 3 8 /dev/shm/ring\n" : "");
        struct snapshot *snapshot = recording_collect(&recording, &everything);
        const struct object *futex = snapshot_find(snapshot, "futex:posix-shm:/ring+0x10");
        assert_non_null(futex);
        assert_int_equal(futex->fields[FIELD_HOLDER].number, 21);
        const struct edge *edges = snapshot_edges(snapshot, futex, &count);
        for (size_t i = 0; i < count; i++) {
            holding += edges[i].role == EDGE_HOLDING;
            waiting += edges[i].role == EDGE_WAITING;
        }
        assert_int_equal(holding, maps);
        assert_int_equal(waiting, 1);
        /* Another thread of the waiter reads from a pipe. */
        assert_int_equal(snapshot_users(snapshot, snapshot_find(snapshot, "pipe:30"), EDGE_WAITING), 1);
        snapshot_free(snapshot);
        recording_end(&recording);
    }
}

/* Its number is that of a thread in the pid namespace of those who map the memory: 21 is 23 to us. */
static void the_holder_of_a_mutex_is_found_in_another_pid_namespace(void **state)
{
    (void)state;
    static const struct {
        const char *first, *second; /* what the threads of process 20 are called in their own namespace */
        unsigned holder;
        enum value_type type;
    } machines[] = {
        {"NSpid:\t20\t1\n", "NSpid:\t23\t21\n",               23, VALUE_PID   },
        {"NSpid:\t20\t1\n", "NSpid:\t23\t22\n",               21, VALUE_NUMBER},
        {"NSpid:\t20\t1\n", "NSpid:\n",                       21, VALUE_NUMBER},
        {"NSpid:\t20\t1\n", "NSpid:\t99999999999999999999\n", 21, VALUE_NUMBER},
    };
    for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
        struct recording recording = machine_start();
        recording_write(&recording, "proc/self/ns/pid.link", "pid:[1]");
        recording_write(&recording, "proc/20/ns/pid.link", "pid:[2]");
        recording_write(&recording, "proc/21/vmas", "");
        recording_write(&recording, "proc/20/task/20/status", machines[i].first);
        recording_write(&recording, "proc/20/task/23/status", machines[i].second);
        struct snapshot *snapshot = recording_collect(&recording, &everything);
        const struct object *futex = snapshot_find(snapshot, "futex:posix-shm:/ring+0x10");
        assert_non_null(futex);
        assert_int_equal(futex->fields[FIELD_HOLDER].number, machines[i].holder);
        assert_int_equal(futex->fields[FIELD_HOLDER].type, machines[i].type);
        assert_int_equal(snapshot_users(snapshot, futex, EDGE_HOLDING), machines[i].type == VALUE_PID);
        snapshot_free(snapshot);
        recording_end(&recording);
    }
}

/* A relative path of a thread that opens a FIFO starts where the thread works, not where we do. */
static void a_fifo_that_is_opened_is_found_by_the_process(void **state)
{
    (void)state;
    struct recording recording = machine_start();
    struct snapshot *snapshot = recording_collect(&recording, &everything);
    const struct object *fifo = snapshot_find(snapshot, "fifo:/data/waiting");
    assert_non_null(fifo);
    assert_int_equal(snapshot_users(snapshot, fifo, EDGE_WAITING), 1);
    snapshot_free(snapshot);
    recording_end(&recording);
}

/* Whose open hangs on a server, of NFS or of FUSE: to look at that file is to hang too. */
static void a_file_that_is_slow_to_open_is_not_looked_at(void **state)
{
    (void)state;
    static const char *const slow[][2] = {
        {"proc/20/task/23/stat",  "23 (x) D 1 7 7 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 500 1"},
        {"proc/20/task/23/wchan", "request_wait_answer"                                 },
    };
    for (size_t i = 0; i < COUNT_OF(slow); i++) {
        struct recording recording = machine_start();
        recording_write(&recording, slow[i][0], slow[i][1]);
        struct snapshot *snapshot = recording_collect(&recording, &everything);
        assert_null(snapshot_find(snapshot, "fifo:/data/waiting"));
        snapshot_free(snapshot);
        recording_end(&recording);
    }
}

/* A lock on a file that is an object of another kind is held all the same. */
static void locks_on_shared_memory_have_holders(void **state)
{
    (void)state;
    struct recording recording = machine_start();
    recording_write(&recording, "proc/locks", "1: OFDLCK ADVISORY  WRITE -1 00:14:77 0 EOF\n");
    recording_write(&recording, "proc/20/fdinfo/3", "lock:\t1: OFDLCK ADVISORY  WRITE -1 00:14:77 0 EOF\n");
    struct snapshot *snapshot = recording_collect(&recording, &everything);
    const struct object *lock = snapshot_find(snapshot, "lock:ofd:0:20:77");
    assert_non_null(lock);
    assert_int_equal(snapshot_users(snapshot, lock, EDGE_HOLDING), 1);
    assert_int_equal(snapshot_users(snapshot, snapshot_find(snapshot, "posix-shm:/ring"), EDGE_OPEN), 1);
    snapshot_free(snapshot);
    recording_end(&recording);
}

/* SysV segments, memfds and anonymous memory share a device: the same inode there is three objects. */
static void inodes_collide_on_the_device_of_memory(void **state)
{
    (void)state;
    struct recording recording = machine_start();
    recording_write(
        &recording, "proc/21/vmas",
        "4096 8192 0 5 0 1 3 1 /SYSV00000063 (deleted)\n8192 12288 0 5 0 1 3 4 /memfd:a (deleted)\n"
        "12288 16384 0 5 0 1 3 2 /dev/zero (deleted)\n");
    struct snapshot *snapshot = recording_collect(&recording, &everything);
    static const char *const labels[] = {"sysv-shm:5", "memfd:5", "anon-shm:5"};
    for (size_t i = 0; i < COUNT_OF(labels); i++) {
        const struct object *object = snapshot_find(snapshot, labels[i]);
        assert_non_null(object);
        assert_int_equal(snapshot_users(snapshot, object, EDGE_MAPPED), i ? 1 : 2);
    }
    snapshot_free(snapshot);
    recording_end(&recording);
}

/* A process of another ipc namespace attaches its own segment of that number. */
static void segments_of_other_namespaces_are_not_ours(void **state)
{
    (void)state;
    struct recording recording = machine_start();
    recording_write(&recording, "proc/20/ns/ipc.link", "ipc:[8]");
    struct snapshot *snapshot = recording_collect(&recording, &everything);
    assert_int_equal(snapshot_users(snapshot, snapshot_find(snapshot, "sysv-shm:5"), EDGE_ROLE_COUNT), 0);
    snapshot_free(snapshot);
    recording_end(&recording);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(creators_are_alive_dead_reused_or_unknown),
        cmocka_unit_test(hidden_processes_are_not_dead),
        cmocka_unit_test(a_process_that_cannot_be_read_is_not_dead),
        cmocka_unit_test(pids_of_two_namespaces_are_not_compared),
        cmocka_unit_test(the_last_process_of_a_semaphore_is_judged_by_both_times),
        cmocka_unit_test(our_own_folder_needs_no_suffix),
        cmocka_unit_test(mounts_that_cannot_be_looked_at_are_stated),
        cmocka_unit_test(the_holder_of_a_mutex_has_its_memory),
        cmocka_unit_test(the_holder_of_a_mutex_is_found_in_another_pid_namespace),
        cmocka_unit_test(a_fifo_that_is_opened_is_found_by_the_process),
        cmocka_unit_test(a_file_that_is_slow_to_open_is_not_looked_at),
        cmocka_unit_test(locks_on_shared_memory_have_holders),
        cmocka_unit_test(inodes_collide_on_the_device_of_memory),
        cmocka_unit_test(segments_of_other_namespaces_are_not_ours),
    };
    return cmocka_run_group_tests_name("snapshot_verdict", tests, NULL, NULL);
}
