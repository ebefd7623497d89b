/*
 * flawed_returned_error.c - makes a cache in shared memory. Flaw: looks for the error of posix_fallocate in
 * errno, which it leaves alone; so "no room" is passed on as "no error", and touching the cache is SIGBUS.
 */
#include "tests/targets/flawed.h"

#include <fcntl.h>
#include <sys/mman.h>

enum { SIZE = 1 << 20 };

static const char cache_name[] = "/flawed-cache";

/* 0 or -errno. */
static int give_size(int fd)
{
    int error = posix_fallocate(fd, 0, SIZE);
#ifdef SOUND
    return -error;
#else
    return error ? -errno : 0;
#endif
}

static int fill(int fd)
{
    int r = give_size(fd);
    if (r < 0)
        return complain_of("posix_fallocate", -r);
    char *cache = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (cache == MAP_FAILED)
        return complain("mmap");
    memset(cache, 1, SIZE);
    munmap(cache, SIZE);
    puts("the cache is warm");
    return 0;
}

static int open_cache(void)
{
    int fd = shm_open(cache_name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd >= 0 || errno != EEXIST)
        return fd;
    shm_unlink(cache_name);
    return shm_open(cache_name, O_RDWR | O_CREAT | O_EXCL, 0600);
}

int main(void)
{
    int fd = open_cache();
    if (fd < 0)
        return complain("shm_open");
    int status = fill(fd);
    close(fd);
    if (shm_unlink(cache_name) < 0)
        status = complain("shm_unlink");
    return status;
}
