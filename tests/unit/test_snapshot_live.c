/*
 * test_snapshot_live.c - the running machine: PROCMAP_QUERY and the text of maps tell the same, names that
 * lie, paths longer than a path may be. Looks only at what this process holds, whatever else there is.
 */
#include "tests/unit/recording.h"

#include "probes/edge.h"

#include <errno.h>
#include <limits.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PAGE = 4096 };

static struct snapshot *look(bool text_maps)
{
    AUTO_KERNEL struct kernel *kernel = NULL;
    struct request request = everything;
    request.needs = NEED_USERS;
    assert_int_equal(kernel_open_live(&(struct kernel_live_options){.text_maps = text_maps}, &kernel), 0);
    return collect_from(kernel, &request);
}

static bool is_ours(const struct snapshot *snapshot, const struct object *object)
{
    size_t count;
    const struct edge *edges = snapshot_edges(snapshot, object, &count);
    return count && edges[0].role == EDGE_MAPPED && snapshot->processes[edges[0].process].pid == getpid() &&
           snapshot_users(snapshot, object, EDGE_ROLE_COUNT) == 1;
}

/* What we map and nobody else does, as text. */
static size_t print_ours(struct strbuf *text, const struct snapshot *snapshot)
{
    size_t count = 0;
    for (size_t i = 0; i < snapshot->object_count; i++) {
        if (!is_ours(snapshot, snapshot->objects[i]))
            continue;
        print_one(text, snapshot, snapshot->objects[i]);
        count++;
    }
    return count;
}

static const char *name_of(const char *suffix)
{
    static char name[NAME_MAX];
    snprintf(name, sizeof(name), "/test.%d.%s", getpid(), suffix);
    return name;
}

static void *map_file(int fd)
{
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, 3 * PAGE), 0);
    void *memory = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    assert_ptr_not_equal(memory, MAP_FAILED);
    close(fd);
    return memory;
}

static void *map_shm(const char *suffix, bool keep)
{
    void *memory = map_file(shm_open(name_of(suffix), O_RDWR | O_CREAT | O_EXCL, 0600));
    if (!keep)
        assert_int_equal(shm_unlink(name_of(suffix)), 0);
    return memory;
}

static void both_ways_to_read_mappings_agree(void **state)
{
    (void)state;
    int id = shmget(IPC_PRIVATE, 2 * PAGE, 0600);
    void *memory[] = {
        map_shm("live", true),
        map_shm("dead", false),
        map_shm("new\nline", false),
        map_shm("live (deleted)", true),
        map_file(memfd_create("m\n\x1b[31m", MFD_CLOEXEC)),
        mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0),
    };
    enum { COUNT = sizeof(memory) / sizeof(memory[0]) };
    void *segment = shmat(id, NULL, 0);
    shmctl(id, IPC_RMID, NULL);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(mprotect((char *)memory[i] + PAGE, PAGE, PROT_READ), 0);

    struct snapshot *by_query = look(false), *by_text = look(true);
    shm_unlink(name_of("live"));
    shm_unlink(name_of("live (deleted)"));
    AUTO_STRBUF struct strbuf query = {0}, text = {0};
    assert_int_equal(print_ours(&query, by_query), COUNT + 1);
    print_ours(&text, by_text);
    assert_string_equal(strbuf_text(&text), strbuf_text(&query));
    assert_non_null(strstr(query.text, "state=removed"));
    assert_non_null(strstr(query.text, " count=3 "));

    char label[2 * NAME_MAX];
    snprintf(label, sizeof(label), "posix-shm:%s", name_of("live (deleted)"));
    const struct object *object = snapshot_find(by_query, label);
    assert_non_null(object);
    assert_string_equal(object->fields[FIELD_STATE].string, "live");
    snapshot_free(by_query);
    snapshot_free(by_text);
    for (size_t i = 0; i < COUNT; i++)
        munmap(memory[i], 3 * PAGE);
    shmdt(segment);
}

/* A file system that is nowhere attached: its files are called /NAME. */
static int detached_tmpfs(void)
{
    AUTO_CLOSE int context = (int)syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);
    if (context < 0 || syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
        return -1;
    return (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, 0);
}

static void a_file_may_be_called_like_memory(void **state)
{
    (void)state;
    static const char *const names[] = {"SYSV00000000", "memfd:x", "dev/zero"};
    AUTO_CLOSE int folder = detached_tmpfs();
    if (folder < 0)
        skip();
    mkdirat(folder, "dev", 0700);
    for (size_t i = 0; i < 3; i++) {
        void *memory = map_file(openat(folder, names[i], O_RDWR | O_CREAT | O_CLOEXEC, 0600));
        for (int text_maps = 0; text_maps < 2; text_maps++) {
            struct snapshot *snapshot = look(text_maps);
            AUTO_STRBUF struct strbuf text = {0};
            assert_int_equal(print_ours(&text, snapshot), 1);
            assert_ptr_equal(strstr(text.text, "file-shm:/"), text.text);
            snapshot_free(snapshot);
        }
        munmap(memory, 3 * PAGE);
    }
}

/* Goes down until no path leads there any more, and leaves a file. */
static int open_far_below(const char *top, int levels)
{
    char name[201];
    memset(name, 'd', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    int folder = open(top, O_PATH | O_DIRECTORY | O_CLOEXEC);
    for (int i = 0; i < levels; i++) {
        assert_int_equal(mkdirat(folder, name, 0700), 0);
        int next = openat(folder, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
        close(folder);
        folder = next;
    }
    int fd = openat(folder, "file", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    close(folder);
    assert_true(fd >= 0);
    return fd;
}

static void remove_far_below(const char *top)
{
    char command[128];
    snprintf(command, sizeof(command), "rm -rf '%s'", top);
    assert_int_equal(system(command), 0);
}

/* What lies behind it is found all the same, and the one that is missing is stated. */
static void a_path_too_long_hides_nothing_else(void **state)
{
    (void)state;
    static const int levels[] = {21, 90};
    for (size_t i = 0; i < 2; i++) {
        char top[] = "/tmp/far.XXXXXX";
        assert_non_null(mkdtemp(top));
        AUTO_CLOSE int fd = open_far_below(top, levels[i]);
        AUTO_CLOSE int after = fcntl(memfd_create("after", MFD_CLOEXEC), F_DUPFD_CLOEXEC, fd + 1);
        assert_true(after > fd);
        void *near = map_shm("near", false), *far = map_file(dup(fd));
        for (int text_maps = 0; text_maps < 2; text_maps++) {
            struct snapshot *snapshot = look(text_maps);
            AUTO_STRBUF struct strbuf text = {0};
            assert_int_equal(print_ours(&text, snapshot), 1);
            assert_ptr_equal(strstr(text.text, "posix-shm:/"), text.text);
            snapshot_print(&text, snapshot, "memfd:");
            assert_non_null(strstr(text.text, "name=after"));
            assert_true(snapshot_has_gap(snapshot, "maps", ENAMETOOLONG));
            assert_true(snapshot_has_gap(snapshot, "fd", ENAMETOOLONG));
            snapshot_free(snapshot);
        }
        munmap(far, 3 * PAGE);
        munmap(near, 3 * PAGE);
        remove_far_below(top);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ways_to_read_mappings_agree),
        cmocka_unit_test(a_file_may_be_called_like_memory),
        cmocka_unit_test(a_path_too_long_hides_nothing_else),
    };
    return cmocka_run_group_tests_name("snapshot_live", tests, NULL, NULL);
}
