/* test_reap.c - removal refuses what took the place of the object it was asked to remove. */
#include "tests/unit/unit.h"

#include "common/strbuf.h"
#include "probes/collect.h"
#include "probes/kernel.h"
#include "probes/kind.h"
#include "probes/reap.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <time.h>
#include <unistd.h>

static struct snapshot *look(void)
{
    AUTO_KERNEL struct kernel *kernel = NULL;
    struct kernel_live_options options = {0};
    struct snapshot *snapshot = NULL;
    struct request request = {.kinds = KIND_BIT(sysv_shm) | KIND_BIT(sysv_sem) | KIND_BIT(posix_shm),
                              .needs = NEED_USERS | NEED_WAITERS | NEED_VALUES | NEED_VERDICTS};
    assert_int_equal(kernel_open_live(&options, &kernel), 0);
    assert_int_equal(snapshot_collect(kernel, &request, &snapshot), 0);
    return snapshot;
}

/* What reap() says of an object of that snapshot. */
static int try(const struct snapshot *snapshot, const char *label, bool force)
{
    AUTO_STRBUF struct strbuf why = {0};
    struct reap_options options = {.force = force};
    const struct object *object = snapshot_find(snapshot, label);
    assert_non_null(object);
    int r = reap(snapshot, object, &options, &why);
    assert_true(r == 0 || why.length > 0);
    return r;
}

static void make_file(const char *name)
{
    int fd = shm_open(name, O_CREAT | O_EXCL | O_RDWR, 0600);
    assert_true(fd >= 0);
    close(fd);
}

static void a_file_of_the_same_name_is_not_the_same(void **state)
{
    (void)state;
    make_file("/reap-test");
    struct snapshot *snapshot = look();
    assert_int_equal(shm_unlink("/reap-test"), 0);
    assert_int_equal(try(snapshot, "posix-shm:/reap-test", true), -ENOENT);
    make_file("/reap-test");
    assert_int_equal(try(snapshot, "posix-shm:/reap-test", true), -ESTALE);
    assert_int_equal(access("/dev/shm/reap-test", F_OK), 0);
    snapshot_free(snapshot);
    snapshot = look();
    assert_int_equal(try(snapshot, "posix-shm:/reap-test", false), 0);
    assert_int_equal(access("/dev/shm/reap-test", F_OK), -1);
    snapshot_free(snapshot);
}

static void a_segment_attached_since_is_in_use(void **state)
{
    char label[64];
    (void)state;
    int id = shmget(IPC_PRIVATE, 4096, 0600);
    assert_true(id >= 0);
    snprintf(label, sizeof(label), "sysv-shm:%d", id);
    struct snapshot *snapshot = look();
    void *memory = shmat(id, NULL, 0);
    assert_true(memory != (void *)-1);
    assert_int_equal(try(snapshot, label, false), -EBUSY);
    assert_int_equal(shmdt(memory), 0);
    /* Times are whole seconds, but it was never attached before. */
    assert_int_equal(try(snapshot, label, false), -EBUSY);
    snapshot_free(snapshot);
    snapshot = look();
    assert_int_equal(try(snapshot, label, false), 0);
    assert_int_equal(try(snapshot, label, false), -ENOENT);
    snapshot_free(snapshot);
}

static void an_owner_may_remove_what_he_may_not_read(void **state)
{
    char label[64];
    (void)state;
    int id = shmget(IPC_PRIVATE, 4096, 0);
    assert_true(id >= 0);
    snprintf(label, sizeof(label), "sysv-shm:%d", id);
    struct snapshot *snapshot = look();
    assert_int_equal(try(snapshot, label, false), 0);
    snapshot_free(snapshot);
}

static void a_set_that_was_set_up_again_has_changed(void **state)
{
    char label[64];
    (void)state;
    int id = semget(IPC_PRIVATE, 1, 0600);
    assert_true(id >= 0);
    snprintf(label, sizeof(label), "sysv-sem:%d", id);
    struct snapshot *snapshot = look();
    time_t start = time(NULL);
    while (time(NULL) == start)
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    assert_int_equal(semctl(id, 0, SETVAL, 1), 0);
    assert_int_equal(try(snapshot, label, true), -ESTALE);
    snapshot_free(snapshot);
    snapshot = look();
    assert_int_equal(try(snapshot, label, true), 0);
    snapshot_free(snapshot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_of_the_same_name_is_not_the_same),
        cmocka_unit_test(a_segment_attached_since_is_in_use),
        cmocka_unit_test(an_owner_may_remove_what_he_may_not_read),
        cmocka_unit_test(a_set_that_was_set_up_again_has_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
