/* test_parse_maps.c - lines of /proc/PID/maps, and the classes of mappings and descriptors. */
#include "tests/unit/unit.h"

#include "common/array.h"
#include "common/scan.h"
#include "probes/edge.h"
#include "probes/parse.h"

#include <string.h>

static void a_shared_mapping_is_read(void **state)
{
    (void)state;
    struct vma vma;
    const char *name;
    size_t length;
    assert_true(parse_maps_line(
        scan_text("7f0000000000-7f0000400000 rw-s 00001000 00:1a 4711                       /dev/shm/a b"),
        &vma, &name, &length));
    assert_true(vma.start == 0x7f0000000000 && vma.end == 0x7f0000400000 && vma.offset == 0x1000);
    assert_int_equal(vma.major, 0);
    assert_int_equal(vma.minor, 0x1a);
    assert_int_equal(vma.inode, 4711);
    assert_int_equal(vma.access, EDGE_READ | EDGE_WRITE);
    assert_int_equal(length, strlen("/dev/shm/a b"));
    assert_memory_equal(name, "/dev/shm/a b", length);
}

static void access_is_what_the_line_says(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint8_t access;
    } cases[] = {
        {"1-2 ---s 0 0:0 0", 0                                    },
        {"1-2 r--s 0 0:0 0", EDGE_READ                            },
        {"1-2 -w-s 0 0:0 0", EDGE_WRITE                           },
        {"1-2 rwxs 0 0:0 0", EDGE_READ | EDGE_WRITE | EDGE_EXECUTE},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct vma vma;
        const char *name;
        size_t length;
        assert_true(parse_maps_line(scan_text(cases[i].text), &vma, &name, &length));
        assert_int_equal(vma.access, cases[i].access);
        assert_int_equal(length, 0);
    }
}

static void other_lines_are_refused_and_change_nothing(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "",
        "\n",
        "1-2 rw-p 0 0:0 0 /private",
        "1-2 rw-s",
        "1-2 rw-s 0 0:0",
        "1-2 rw-s 0 0:0 x",
        "2-1 rw-s 0 0:0 0",
        "1 2 rw-s 0 0:0 0",
        "-2 rw-s 0 0:0 0",
        "1-2 rw-s 0 100000000:0 0",
        "1-2 rw-s 0 0:100000000 0",
        "1-2 rw-s 0 0:0 18446744073709551616",
        "10000000000000000-10000000000000001 rw-s 0 0:0 0",
        "1-2 rw",
    };
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        struct vma vma = {.start = 77}, before = vma;
        const char *name = lines[0];
        size_t length = 77;
        assert_false(parse_maps_line(scan_text(lines[i]), &vma, &name, &length));
        assert_memory_equal(&vma, &before, sizeof(vma));
        assert_ptr_equal(name, lines[0]);
        assert_int_equal(length, 77);
    }
}

static void names_lose_the_one_escape_of_maps(void **state)
{
    (void)state;
    static const struct {
        const char *text, *name;
    } cases[] = {
        {"",                       ""                      },
        {"/dev/shm/a\\012b",       "/dev/shm/a\nb"         },
        {"\\012\\012",             "\n\n"                  },
        {"/a\\01",                 "/a\\01"                },
        {"/a\\011b",               "/a\\011b"              },
        {"/a\\\\012",              "/a\\\n"                },
        {"/memfd:x\x1b (deleted)", "/memfd:x\x1b (deleted)"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char name[64];
        parse_maps_name(cases[i].text, strlen(cases[i].text), name);
        assert_string_equal(name, cases[i].name);
    }
}

static void mappings_are_told_apart_by_name(void **state)
{
    (void)state;
    assert_int_equal(vma_classify("/SYSV5eed0001 (deleted)"), VMA_SYSV);
    assert_int_equal(vma_classify("/dev/zero (deleted)"), VMA_ZERO);
    assert_int_equal(vma_classify("/anon_hugepage (deleted)"), VMA_ZERO);
    assert_int_equal(vma_classify("/memfd:x (deleted)"), VMA_MEMFD);
    assert_int_equal(vma_classify("/dev/shm/SYSV5eed0001"), VMA_FILE);
    assert_int_equal(vma_classify("[heap]"), 0);
    assert_int_equal(vma_classify("anon_inode:[io_uring]"), 0);
    assert_int_equal(vma_classify(""), 0);
}

static void descriptors_are_told_apart_by_link(void **state)
{
    (void)state;
    assert_int_equal(fd_classify("pipe:[77]"), FD_PIPE);
    assert_int_equal(fd_classify("socket:[77]"), FD_SOCKET);
    assert_int_equal(fd_classify("anon_inode:[eventfd]"), FD_EVENTFD);
    assert_int_equal(fd_classify("anon_inode:[eventpoll]"), 0);
    assert_int_equal(fd_classify("/memfd:a/b (deleted)"), FD_MEMFD);
    assert_int_equal(fd_classify("/jobs"), FD_QUEUE);
    assert_int_equal(fd_classify("/"), FD_QUEUE);
    assert_int_equal(fd_classify("/dev/mqueue/jobs"), FD_QUEUE);
    assert_int_equal(fd_classify("/dev/shm/ring"), FD_SHM);
    assert_int_equal(fd_classify("/srv/dev/shm/a/b (deleted)"), FD_SHM);
    assert_int_equal(fd_classify("/var/log/messages"), FD_FILE);
    assert_int_equal(fd_classify("net:[77]"), 0);
    assert_int_equal(fd_classify(""), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shared_mapping_is_read),
        cmocka_unit_test(access_is_what_the_line_says),
        cmocka_unit_test(other_lines_are_refused_and_change_nothing),
        cmocka_unit_test(names_lose_the_one_escape_of_maps),
        cmocka_unit_test(mappings_are_told_apart_by_name),
        cmocka_unit_test(descriptors_are_told_apart_by_link),
    };
    return cmocka_run_group_tests_name("parse_maps", tests, NULL, NULL);
}
