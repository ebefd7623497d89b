/*
 * test_snapshot_failing.c - a kernel whose every call fails in turn: a snapshot says what it lacks, or there
 * is none. The machine is a recording, so that nothing but the failure differs.
 */
#include "tests/unit/machine.h"

#include "common/array.h"

#include <errno.h>
#include <stdatomic.h>

/* Stands before another kernel; call number `fail_at` of operation `fail` fails. */
struct failing {
    struct kernel kernel;
    struct kernel *inner;
    size_t fail, fail_at;
    int error;
    atomic_size_t calls;
};

enum {
    READ,
    LINK,
    STAT,
    FILE_SYSTEM,
    PIDS,
    TIDS,
    VMAS,
    FDS,
    SHM_FILES,
    QUEUE_FILES,
    SOCKETS,
    SEMAPHORES,
    LIMIT,
    PIPE,
    MEMORY,
    STRING,
    CLOCK,
    OPERATIONS
};

static int turn(struct kernel *kernel, size_t operation)
{
    struct failing *failing = (struct failing *)kernel;
    if (operation != failing->fail)
        return 0;
    return atomic_fetch_add(&failing->calls, 1) == failing->fail_at ? -failing->error : 0;
}

#define INNER (((struct failing *)kernel)->inner)
#define FAIL_OR(operation, call)       \
    int r = turn(kernel, (operation)); \
    return r < 0 ? r : INNER->ops->call

static int fail_read(struct kernel *kernel, const char *path, struct strbuf *buffer)
{
    FAIL_OR(READ, read(INNER, path, buffer));
}

static int fail_link(struct kernel *kernel, const char *path, struct strbuf *buffer)
{
    FAIL_OR(LINK, link(INNER, path, buffer));
}

static int fail_stat(struct kernel *kernel, const char *path, struct file_status *ret)
{
    FAIL_OR(STAT, stat(INNER, path, ret));
}

static int fail_file_system(struct kernel *kernel, const char *path, struct file_system *ret)
{
    FAIL_OR(FILE_SYSTEM, file_system(INNER, path, ret));
}

static int fail_pids(struct kernel *kernel, pid_t **ret, size_t *ret_count)
{
    FAIL_OR(PIDS, pids(INNER, ret, ret_count));
}

static int fail_tids(struct kernel *kernel, pid_t pid, pid_t **ret, size_t *ret_count)
{
    FAIL_OR(TIDS, tids(INNER, pid, ret, ret_count));
}

static int fail_vmas(struct kernel *kernel, pid_t pid, unsigned classes,
                     int (*see)(void *argument, const struct vma *vma), void *argument)
{
    FAIL_OR(VMAS, vmas(INNER, pid, classes, see, argument));
}

static int fail_fds(struct kernel *kernel, pid_t pid, unsigned classes,
                    int (*see)(void *argument, const struct fd *fd), void *argument)
{
    FAIL_OR(FDS, fds(INNER, pid, classes, see, argument));
}

static int fail_shm_files(struct kernel *kernel, const char *mount,
                          int (*see)(void *argument, const struct shm_file *file), void *argument)
{
    FAIL_OR(SHM_FILES, shm_files(INNER, mount, see, argument));
}

static int fail_queue_files(struct kernel *kernel, bool read_text,
                            int (*see)(void *argument, const struct queue_file *file), void *argument)
{
    FAIL_OR(QUEUE_FILES, queue_files(INNER, read_text, see, argument));
}

static int fail_unix_sockets(struct kernel *kernel,
                             int (*see)(void *argument, const struct unix_socket *socket), void *argument)
{
    FAIL_OR(SOCKETS, unix_sockets(INNER, see, argument));
}

static int fail_semaphores(struct kernel *kernel, int semid, size_t count, struct semaphore *ret)
{
    FAIL_OR(SEMAPHORES, semaphores(INNER, semid, count, ret));
}

static int fail_queue_limit(struct kernel *kernel, int msqid, uint64_t *ret)
{
    FAIL_OR(LIMIT, queue_limit(INNER, msqid, ret));
}

static int fail_pipe(struct kernel *kernel, pid_t pid, int fd, struct pipe_state *ret)
{
    FAIL_OR(PIPE, pipe(INNER, pid, fd, ret));
}

static int fail_memory(struct kernel *kernel, pid_t pid, uint64_t address, void *buffer, size_t length)
{
    FAIL_OR(MEMORY, memory(INNER, pid, address, buffer, length));
}

static int fail_string(struct kernel *kernel, pid_t pid, uint64_t address, char *buffer, size_t room)
{
    FAIL_OR(STRING, string(INNER, pid, address, buffer, room));
}

static int fail_clock(struct kernel *kernel, struct kernel_clock *ret)
{
    FAIL_OR(CLOCK, clock(INNER, ret));
}

static void fail_close(struct kernel *kernel)
{
    (void)kernel;
}

static const struct kernel_ops failing_ops = {
    .read = fail_read,
    .link = fail_link,
    .stat = fail_stat,
    .file_system = fail_file_system,
    .pids = fail_pids,
    .tids = fail_tids,
    .vmas = fail_vmas,
    .fds = fail_fds,
    .shm_files = fail_shm_files,
    .queue_files = fail_queue_files,
    .unix_sockets = fail_unix_sockets,
    .semaphores = fail_semaphores,
    .queue_limit = fail_queue_limit,
    .pipe = fail_pipe,
    .memory = fail_memory,
    .string = fail_string,
    .clock = fail_clock,
    .close = fail_close,
};

static size_t denied_fields(const struct snapshot *snapshot)
{
    size_t denied = 0;
    for (size_t i = 0; i < snapshot->object_count; i++)
        for (size_t field = 0; field < FIELD_COUNT; field++)
            denied += snapshot->objects[i]->fields[field].type == VALUE_DENIED;
    return denied;
}

static size_t dead_verdicts(const struct snapshot *snapshot)
{
    size_t dead = 0;
    for (size_t i = 0; i < snapshot->object_count; i++)
        for (size_t field = 0; field < FIELD_COUNT; field++)
            dead += snapshot_verdict(snapshot, snapshot->objects[i], (enum field)field) == VERDICT_DEAD;
    return dead;
}

/* How much is known of processes beyond their being there. */
static size_t known_of_processes(const struct snapshot *snapshot)
{
    size_t known = 0;
    for (size_t i = 0; i < snapshot->process_count; i++) {
        const struct process *process = &snapshot->processes[i];
        known += (process->command.type == VALUE_STRING) + (process->container.type == VALUE_STRING) +
                 (process->ipc_namespace != 0) + (process->mount_namespace != 0) +
                 (process->pid_namespace != 0);
    }
    return known;
}

/* Fewer objects or users than there are, less of them, or a death that was none, are lies unless a gap or a
 * denied value is shown. */
static void check_honest(const struct snapshot *whole, const struct snapshot *snapshot, const char *what)
{
    bool all_there =
        snapshot->object_count == whole->object_count && snapshot->edge_count == whole->edge_count;
    if (snapshot->coverage_count > whole->coverage_count || denied_fields(snapshot) > denied_fields(whole))
        return;
    if (!all_there || known_of_processes(snapshot) < known_of_processes(whole) ||
        dead_verdicts(snapshot) > dead_verdicts(whole))
        fail_msg("%s: %zu of %zu objects, %zu of %zu edges, %zu of %zu details, and no gap", what,
                 snapshot->object_count, whole->object_count, snapshot->edge_count, whole->edge_count,
                 known_of_processes(snapshot), known_of_processes(whole));
}

/* Fails every call of an operation in turn. */
static void fail_operation(struct kernel *inner, const struct snapshot *whole, size_t operation, int error)
{
    for (size_t at = 0;; at++) {
        struct failing failing = {
            .kernel = *inner, .inner = inner, .fail = operation, .fail_at = at, .error = error};
        struct snapshot *snapshot = NULL;
        char what[64];
        failing.kernel.ops = &failing_ops;
        snprintf(what, sizeof(what), "operation %zu, call %zu, errno %d", operation, at, error);
        int r = snapshot_collect(&failing.kernel, &everything, &snapshot);
        if (failing.calls <= at) {
            snapshot_free(snapshot);
            assert_true(at > 0);
            return;
        }
        if (error == ENOMEM && r == 0)
            fail_msg("%s: memory was out, and nobody noticed", what);
        if (r < 0 && r != -error)
            fail_msg("%s: collected %d", what, r);
        if (r < 0 && error != ENOMEM && operation != CLOCK && operation != PIDS)
            fail_msg("%s: gave up", what);
        if (r == 0 && error != ESRCH)
            check_honest(whole, snapshot, what);
        snapshot_free(snapshot);
    }
}

static void fail_everything(int error)
{
    struct recording recording = machine_start();
    AUTO_KERNEL struct kernel *kernel = NULL;
    assert_int_equal(kernel_open_recording(recording.path, &kernel), 0);
    struct snapshot *whole = collect_from(kernel, &everything);
    for (size_t operation = 0; operation < OPERATIONS; operation++)
        fail_operation(kernel, whole, operation, error);
    snapshot_free(whole);
    recording_end(&recording);
}

static void the_machine_has_every_kind(void **state)
{
    (void)state;
    struct recording recording = machine_start();
    struct snapshot *snapshot = recording_collect(&recording, &everything);
    uint64_t seen = 0;
    for (size_t i = 0; i < snapshot->object_count; i++)
        seen |= UINT64_C(1) << kind_find(snapshot->objects[i]->kind->name);
    assert_true(seen == everything.kinds);
    assert_int_equal(snapshot->coverage_count, 0);
    assert_int_equal(denied_fields(snapshot), 4);
    snapshot_free(snapshot);
    recording_end(&recording);
}

static void memory_that_ran_out_ends_it(void **state)
{
    (void)state;
    fail_everything(ENOMEM);
}

static void what_is_denied_is_stated(void **state)
{
    (void)state;
    fail_everything(EACCES);
}

static void what_was_interrupted_is_stated(void **state)
{
    (void)state;
    fail_everything(EINTR);
}

static void what_vanished_is_no_error(void **state)
{
    (void)state;
    fail_everything(ESRCH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_machine_has_every_kind), cmocka_unit_test(memory_that_ran_out_ends_it),
        cmocka_unit_test(what_is_denied_is_stated),   cmocka_unit_test(what_was_interrupted_is_stated),
        cmocka_unit_test(what_vanished_is_no_error),
    };
    return cmocka_run_group_tests_name("snapshot_failing", tests, NULL, NULL);
}
