/* test_limits.c - limits read from recordings made up here: every form of maximum, use by user, Shmem. */
#include "tests/unit/recording.h"

#include "common/array.h"
#include "probes/limits.h"

static struct limits *read_limits(const struct recording *recording)
{
    AUTO_KERNEL struct kernel *kernel = NULL;
    struct request request = {0};
    struct limits *limits = NULL;
    assert_int_equal(kernel_open_recording(recording->path, &kernel), 0);
    limits_request(&request);
    struct snapshot *snapshot = collect_from(kernel, &request);
    assert_int_equal(limits_read(kernel, snapshot, &limits), 0);
    snapshot_free(snapshot);
    return limits;
}

static const struct limit *find(const struct limits *limits, const char *name)
{
    for (size_t i = 0; i < limits->count; i++)
        if (strcmp(limits->items[i].name, name) == 0)
            return &limits->items[i];
    return NULL;
}

static void without_files_nothing_is_claimed(void **state)
{
    struct recording recording = recording_start();
    struct limits *limits = read_limits(&recording);
    (void)state;
    const struct limit *shmmni = find(limits, "shmmni");
    assert_non_null(shmmni);
    assert_int_equal(shmmni->maximum.type, VALUE_NONE);
    assert_false(shmmni->unlimited);
    assert_int_equal(limit_percent(shmmni).type, VALUE_NONE);
    assert_false(limits->shmem_known);
    assert_null(find(limits, "msgqueue"));
    limits_free(limits);
    recording_end(&recording);
}

static void what_could_not_be_read_is_not_zero(void **state)
{
    struct recording recording = recording_start();
    (void)state;
    recording_write(&recording, "proc/sysvipc/shm.error", "13\n");
    recording_write(&recording, "proc/sysvipc/sem", "key semid perms nsems uid gid cuid cgid otime ctime\n");
    struct limits *limits = read_limits(&recording);
    assert_true(find(limits, "shmmni")->partial);
    assert_true(find(limits, "shmall")->partial);
    assert_true(find(limits, "shmmax")->partial);
    assert_false(find(limits, "semmni")->partial);
    limits_free(limits);
    recording_end(&recording);
}

static void maxima_are_read_in_their_units(void **state)
{
    struct recording recording = recording_start();
    long page = sysconf(_SC_PAGESIZE);
    (void)state;
    recording_write(&recording, "proc/sys/kernel/sem", "250\t32000\t100\t128\n");
    recording_write(&recording, "proc/sys/kernel/shmall", "10\n");
    recording_write(&recording, "proc/sys/kernel/shmmax", "18446744073692774399\n");
    recording_write(&recording, "proc/sys/kernel/msgmni", "99999999999999999999\n");
    recording_write(&recording, "proc/sys/fs/file-max", "200\n");
    recording_write(&recording, "proc/sys/fs/file-nr", "60\t10\t200\n");
    struct limits *limits = read_limits(&recording);
    assert_int_equal(find(limits, "semmsl")->maximum.number, 250);
    assert_int_equal(find(limits, "semmns")->maximum.number, 32000);
    assert_int_equal(find(limits, "semopm")->maximum.number, 100);
    assert_int_equal(find(limits, "semmni")->maximum.number, 128);
    assert_int_equal(find(limits, "semopm")->use.type, VALUE_NONE);
    assert_int_equal(find(limits, "shmall")->maximum.number, 10 * page);
    assert_true(find(limits, "shmmax")->unlimited);
    assert_int_equal(find(limits, "shmmax")->maximum.type, VALUE_NONE);
    assert_int_equal(find(limits, "msgmni")->maximum.type, VALUE_NONE);
    assert_int_equal(find(limits, "file_max")->use.number, 50);
    assert_int_equal(limit_percent(find(limits, "file_max")).number, 25);
    assert_string_equal(find(limits, "file_max")->source, "fs.file-max");
    limits_free(limits);
    recording_end(&recording);
}

static void use_counts_our_namespace_in_whole_pages(void **state)
{
    struct recording recording = recording_start();
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    (void)state;
    recording_write(
        &recording, "proc/sysvipc/shm",
        "       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid\n"
        "         0          0   600                     1     5     5      0     0     0     0     0"
        "          0          0 1000 4096 0\n"
        "         0          1  1600                 12288     5     5      1     0     0     0     0"
        "          0          0 1000 8192 4096\n");
    recording_write(&recording, "proc/meminfo", "MemTotal: 1 kB\nShmem:             20 kB\n");
    struct limits *limits = read_limits(&recording);
    assert_int_equal(find(limits, "shmmni")->use.number, 2);
    assert_int_equal(find(limits, "shmmax")->use.number, 12288);
    assert_int_equal(find(limits, "shmall")->use.number, page + (12288 + page - 1) / page * page);
    assert_true(limits->shmem_known);
    assert_int_equal(limits->shmem, 20480);
    uint64_t sum = 0;
    for (size_t i = 0; i < SHMEM_PARTS; i++)
        sum += limits->parts[i].bytes;
    assert_int_equal(sum - limits->excess, limits->shmem);
    assert_string_equal(limits->parts[1].name, "sysv");
    assert_int_equal(limits->parts[1].bytes, 4096);
    assert_string_equal(limits->parts[4].name, "deleted");
    assert_int_equal(limits->parts[4].bytes, 8192);
    assert_int_equal(limits->parts[SHMEM_PARTS - 1].bytes, 8192);
    limits_free(limits);
    recording_end(&recording);
}

static void add_status(struct recording *recording, pid_t pid, unsigned uid, const char *queued,
                       const char *queue_limit)
{
    char path[64], text[512];
    snprintf(path, sizeof(path), "proc/%d/status", pid);
    snprintf(text, sizeof(text),
             "Name:\tx\nUid:\t%u\t0\t0\t0\nSigQ:\t%s\nSigPnd:\t0\nShdPnd:\t0\nSigBlk:\t0\nSigIgn:\t0\n"
             "SigCgt:\t0\n",
             uid, queued);
    recording_write(recording, path, text);
    snprintf(path, sizeof(path), "proc/%d/limits", pid);
    snprintf(text, sizeof(text),
             "Limit                     Soft Limit           Hard Limit           Units     \n"
             "Max msgqueue size         %s               819200               bytes     \n",
             queue_limit);
    recording_write(recording, path, text);
}

static void lowest_limit_of_a_users_processes_counts(void **state)
{
    struct recording recording = recording_start();
    (void)state;
    recording_write(&recording, "proc/pids", "5\n6\n7\n8\n");
    add_status(&recording, 5, 1000, "3/100", "819200");
    add_status(&recording, 6, 1000, "3/50", "unlimited");
    add_status(&recording, 7, 1001, "0/10", "10");
    add_status(&recording, 8, 1002, "1/18446744073709551615", "unlimited");
    struct limits *limits = read_limits(&recording);
    size_t found = 0;
    for (size_t i = 0; i < limits->count; i++) {
        const struct limit *limit = &limits->items[i];
        if (strcmp(limit->name, "sigpending") != 0)
            continue;
        found++;
        assert_int_not_equal(limit->user.number, 1001);
        assert_int_equal(limit->unlimited, limit->user.number == 1002);
        if (limit->user.number == 1000) {
            assert_int_equal(limit->use.number, 3);
            assert_int_equal(limit->maximum.number, 50);
        }
    }
    assert_int_equal(found, 2);
    limits_free(limits);
    recording_end(&recording);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_files_nothing_is_claimed),
        cmocka_unit_test(what_could_not_be_read_is_not_zero),
        cmocka_unit_test(maxima_are_read_in_their_units),
        cmocka_unit_test(use_counts_our_namespace_in_whole_pages),
        cmocka_unit_test(lowest_limit_of_a_users_processes_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
