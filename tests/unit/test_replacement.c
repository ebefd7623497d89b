/* test_replacement.c - files written whole or not at all. */
#include "common/replacement.h"

#include "common/cleanup.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/shmoo-replacement-XXXXXX";

static int enter(void **state)
{
    (void)state;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static void put(const char *path, const char *text)
{
    AUTO_FCLOSE FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
}

static void check_text(const char *path, const char *text)
{
    char read[64] = "";
    AUTO_FCLOSE FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_true(fread(read, 1, sizeof(read) - 1, file) <= sizeof(read));
    assert_string_equal(read, text);
}

static unsigned count_files(void)
{
    AUTO_DIR DIR *here = opendir(".");
    unsigned count = 0;
    while (readdir(here))
        count++;
    return count - 2;
}

static void what_is_ended_is_in_place(void **state)
{
    struct replacement file = {0};
    struct stat status;
    (void)state;
    assert_int_equal(replacement_begin("new", &file), 0);
    fputs("one", file.out);
    assert_int_equal(access("new", F_OK), -1);
    assert_int_equal(replacement_end(&file), 0);
    check_text("new", "one");
    assert_int_equal(chmod("new", 0640), 0);
    assert_int_equal(replacement_begin("new", &file), 0);
    fputs("two", file.out);
    fflush(file.out);
    check_text("new", "one");
    assert_int_equal(replacement_end(&file), 0);
    check_text("new", "two");
    assert_int_equal(stat("new", &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    assert_int_equal(unlink("new"), 0);
    assert_int_equal(count_files(), 0);
}

static void what_is_dropped_leaves_nothing(void **state)
{
    struct replacement file = {0};
    (void)state;
    put("old", "one");
    assert_int_equal(replacement_begin("old", &file), 0);
    fputs("two", file.out);
    replacement_drop(&file);
    check_text("old", "one");
    assert_int_equal(count_files(), 1);
    assert_int_equal(unlink("old"), 0);
}

/* True when the file system has files without a name; it may be one of a container that has none. */
static bool has_nameless_files(void)
{
    AUTO_CLOSE int fd = open(".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    return fd >= 0;
}

static void who_is_killed_leaves_nothing(void **state)
{
    (void)state;
    if (!has_nameless_files())
        skip();
    put("old", "one");
    for (int there = 0; there < 2; there++) {
        int status;
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            struct replacement file = {0};
            if (replacement_begin(there ? "old" : "new", &file) == 0 && fputs("two", file.out) >= 0 &&
                fflush(file.out) == 0)
                kill(getpid(), SIGKILL);
            _exit(1);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        assert_int_equal(count_files(), 1);
    }
    check_text("old", "one");
    assert_int_equal(unlink("old"), 0);
}

static void links_are_followed(void **state)
{
    (void)state;
    assert_int_equal(symlink("target", "link"), 0);
    for (int there = 0; there < 2; there++) {
        struct replacement file = {0};
        struct stat status;
        assert_int_equal(replacement_begin("link", &file), 0);
        fputs("text", file.out);
        assert_int_equal(replacement_end(&file), 0);
        check_text("target", "text");
        assert_int_equal(lstat("link", &status), 0);
        assert_true(S_ISLNK(status.st_mode));
    }
    assert_int_equal(unlink("link") + unlink("target"), 0);
    assert_int_equal(count_files(), 0);
}

static void what_is_no_file_is_written_to(void **state)
{
    struct replacement file = {0};
    (void)state;
    assert_int_equal(replacement_begin("/dev/null", &file), 0);
    assert_int_equal(replacement_end(&file), 0);
    assert_int_equal(replacement_begin("/dev/full", &file), 0);
    fputs("text", file.out);
    assert_int_equal(replacement_end(&file), -ENOSPC);
    assert_int_equal(replacement_begin("no/folder", &file), -ENOENT);
    assert_null(file.out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_ended_is_in_place),     cmocka_unit_test(what_is_dropped_leaves_nothing),
        cmocka_unit_test(who_is_killed_leaves_nothing),  cmocka_unit_test(links_are_followed),
        cmocka_unit_test(what_is_no_file_is_written_to),
    };
    int status = cmocka_run_group_tests(tests, enter, NULL);
    rmdir(folder);
    return status;
}
