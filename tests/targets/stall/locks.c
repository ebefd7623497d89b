/* locks.c - over file locks: one with a semaphore, and two of open file descriptions in the wrong order. */
#include "tests/targets/stall/stall.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

static int open_file(void)
{
    int fd = open("/tmp/stall.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    check(fd < 0, "/tmp/stall.lock");
    return fd;
}

static void lock_file(void)
{
    check(flock(open_file(), LOCK_EX) < 0, "flock");
}

static void take_before_file(void)
{
    operate(0, -1);
    meet();
    lock_file();
}

static void file_before_take(void)
{
    lock_file();
    meet();
    operate(0, -1);
}

void lock_and_semaphore(void)
{
    share();
    make_set(1, 0);
    start(take_before_file);
    start(file_before_take);
}

static void lock_bytes(int fd, off_t at)
{
    struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = at, .l_len = 10};
    check(fcntl(fd, F_OFD_SETLKW, &range) < 0, "fcntl");
}

static void lock_two(off_t first, off_t second)
{
    int fd = open_file();
    lock_bytes(fd, first);
    meet();
    lock_bytes(fd, second);
}

static void lock_upwards(void)
{
    lock_two(0, 100);
}

static void lock_downwards(void)
{
    lock_two(100, 0);
}

/* The kernel finds such circles of POSIX locks itself (EDEADLK), but not these. */
void ofd_locks(void)
{
    share();
    start(lock_upwards);
    start(lock_downwards);
}
