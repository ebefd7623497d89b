/* test_vanishing.c - files that shrink while they are mapped. */
#include "tests/unit/unit.h"

#include "common/vanishing.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIZE = 3 * 4096 };

static char *map(int *ret_fd)
{
    *ret_fd = memfd_create("test", MFD_CLOEXEC);
    assert_true(*ret_fd >= 0 && ftruncate(*ret_fd, SIZE) == 0);
    char *memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, *ret_fd, 0);
    assert_ptr_not_equal(memory, MAP_FAILED);
    memset(memory, 'x', SIZE);
    return memory;
}

static void unmap(char *memory, int fd)
{
    munmap(memory, SIZE);
    close(fd);
}

/* How a child ends that does this. */
static int ending_of(void (*action)(void))
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        alarm(60);
        signal(SIGBUS, SIG_DFL); /* a sanitizer has its own */
        action();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static void test_what_is_gone_reads_as_zeros(void **state)
{
    (void)state;
    int fd;
    char *memory = map(&fd);
    assert_int_equal(vanishing_protect(memory, SIZE), 0);
    assert_int_equal(memory[SIZE - 1], 'x');
    assert_int_equal(ftruncate(fd, 4096), 0);
    assert_int_equal(memory[SIZE - 1], 0);
    assert_int_equal(memory[0], 0);
    memory[SIZE - 1] = 'y';
    assert_int_equal(memory[SIZE - 1], 'y');
    vanishing_release(memory);
    unmap(memory, fd);
}

static void test_a_handful(void **state)
{
    (void)state;
    char memory[9];
    for (int index = 0; index < 8; index++)
        assert_int_equal(vanishing_protect(memory + index, 1), 0);
    assert_int_equal(vanishing_protect(memory + 8, 1), -ENOSPC);
    vanishing_release(memory + 8);
    vanishing_release(memory + 3);
    assert_int_equal(vanishing_protect(memory + 8, 1), 0);
    for (int index = 0; index < 9; index++)
        vanishing_release(memory + index);
}

static void touch_another(void)
{
    int fds[2];
    char *memory = map(&fds[0]);
    char *other = map(&fds[1]);
    if (vanishing_protect(memory, SIZE) == 0 && ftruncate(fds[1], 0) == 0)
        *(volatile char *)other = 'y';
}

static void touch_after_release(void)
{
    int fd;
    char *memory = map(&fd);
    if (vanishing_protect(memory, SIZE) == 0 && ftruncate(fd, 0) == 0) {
        vanishing_release(memory);
        *(volatile char *)memory = 'y';
    }
}

static void send_it(void)
{
    int fd;
    vanishing_protect(map(&fd), SIZE);
    raise(SIGBUS);
}

static void exit_with_seven(int signal)
{
    (void)signal;
    _exit(7);
}

static void touch_another_with_a_handler(void)
{
    signal(SIGBUS, exit_with_seven);
    touch_another();
}

static void test_other_bus_errors_are_as_before(void **state)
{
    (void)state;
    assert_int_equal(ending_of(touch_another), -SIGBUS);
    assert_int_equal(ending_of(touch_after_release), -SIGBUS);
    assert_int_equal(ending_of(send_it), -SIGBUS);
    assert_int_equal(ending_of(touch_another_with_a_handler), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_other_bus_errors_are_as_before), /* first: the handler is still to be set */
        cmocka_unit_test(test_what_is_gone_reads_as_zeros),
        cmocka_unit_test(test_a_handful),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
