/* Whose an object is: files of names, System V objects, and what is not there. */
#include "tests/unit/unit.h"

#include "inject/ownership.h"

#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

static void test_paths(void **state)
{
    (void)state;
    static const struct {
        unsigned call;
        const char *root, *name, *path;
    } rows[] = {
        {CALL_shm_unlink, "",             "/ring",             "/dev/shm/ring"                },
        {CALL_shm_unlink, "",             "ring",              "/dev/shm/ring"                },
        {CALL_shm_unlink, "/proc/7/root", "/dev/shm/ring",     "/proc/7/root/dev/shm/ring"    },
        {CALL_sem_unlink, "",             "/jobs",             "/dev/shm/sem.jobs"            },
        {CALL_sem_unlink, "/proc/7/root", "/dev/shm/sem.jobs", "/proc/7/root/dev/shm/sem.jobs"},
        {CALL_mq_unlink,  "",             "/queue",            "/dev/mqueue/queue"            },
    };
    char path[OWNERSHIP_PATH_SIZE];
    for (size_t index = 0; index < sizeof(rows) / sizeof(rows[0]); index++) {
        assert_true(ownership_path(rows[index].call, rows[index].root, rows[index].name, path));
        assert_string_equal(path, rows[index].path);
    }
    char longest[OWNERSHIP_PATH_SIZE + 1];
    memset(longest, 'x', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    assert_false(ownership_path(CALL_shm_unlink, "", longest, path));
}

static void test_files(void **state)
{
    (void)state;
    char name[] = "/tmp/ownership-XXXXXX";
    int fd = mkstemp(name);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(ownership_of_file(name, geteuid()), 0);
    assert_int_equal(ownership_of_file(name, geteuid() + 1), STATE_FOREIGN);
    unlink(name);
    assert_int_equal(ownership_of_file(name, geteuid()), STATE_FOREIGN);
}

static void check_id(unsigned call, int id, uint32_t mine)
{
    struct facts facts = {.call = call, .arguments = {(uint64_t)id}};
    assert_int_equal(ownership_of_id(syscall, &facts, geteuid()), mine);
    assert_int_equal(ownership_of_id(syscall, &facts, geteuid() + 1), STATE_FOREIGN);
}

static void test_system_v(void **state)
{
    (void)state;
    int segment = shmget(IPC_PRIVATE, 4096, 0600);
    int set = semget(IPC_PRIVATE, 1, 0600);
    int queue = msgget(IPC_PRIVATE, 0600);
    check_id(CALL_shmat, segment, 0);
    check_id(CALL_shmctl, segment, 0);
    check_id(CALL_semop, set, 0);
    check_id(CALL_semctl, set, 0);
    check_id(CALL_msgsnd, queue, 0);
    check_id(CALL_msgctl, queue, 0);
    shmctl(segment, IPC_RMID, NULL);
    semctl(set, 0, IPC_RMID);
    msgctl(queue, IPC_RMID, NULL);
    check_id(CALL_shmctl, segment, STATE_FOREIGN);
    check_id(CALL_semctl, set, STATE_FOREIGN);
    check_id(CALL_msgctl, queue, STATE_FOREIGN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_system_v),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
