/*
 * flawed_child_ignored.c - lets a child write a sum into shared memory. Flaw: does not look whether the child
 * succeeded, and prints what happens to be there.
 */
#include "tests/targets/flawed.h"

#include <fcntl.h>
#include <sys/mman.h>

static const char sum_name[] = "/flawed-sum";

static int add_up(void)
{
    long sum = 0;
    for (int number = 1; number <= 100; number++)
        sum += number;
    int fd = shm_open(sum_name, O_RDWR, 0600);
    if (fd < 0)
        return complain("shm_open");
    return pwrite(fd, &sum, sizeof(sum), 0) == sizeof(sum) ? 0 : complain("pwrite");
}

static int let_child_add_up(void)
{
    pid_t child = fork_child();
    if (child < 0)
        return complain("fork");
    if (child == 0)
        _exit(add_up());
#ifdef SOUND
    return child_failed(child);
#else
    return waitpid(child, NULL, 0) < 0 ? complain("waitpid") : 0;
#endif
}

static int print_sum(int fd)
{
    long sum;
    int error = posix_fallocate(fd, 0, sizeof(sum));
    if (error)
        return complain_of("posix_fallocate", error);
    if (let_child_add_up())
        return 1;
    if (pread(fd, &sum, sizeof(sum), 0) != sizeof(sum))
        return complain("pread");
    printf("the sum is %ld\n", sum);
    return 0;
}

int main(void)
{
    shm_unlink(sum_name);
    int fd = shm_open(sum_name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd < 0)
        return complain("shm_open");
    int status = print_sum(fd);
    if (shm_unlink(sum_name) < 0)
        status = complain("shm_unlink");
    return status;
}
