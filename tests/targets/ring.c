/*
 * ring.c - a small program with a ring buffer in shared memory, written as such programs are: it copes with a
 * stale object, does not look whether its own could be removed, and takes mmap for granted. `make
 * demo-inject` finds out.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SIZE = 4096 };

static int open_ring(const char *name)
{
    int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd < 0 && errno == EEXIST) {
        puts("ring: left by an earlier run, replaced");
        shm_unlink(name);
        fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    }
    return fd;
}

int main(void)
{
    int fd = open_ring("/shmoo-ring");
    if (fd < 0) {
        perror("ring: shm_open");
        return 1;
    }
    if (ftruncate(fd, SIZE) < 0) {
        perror("ring: ftruncate");
        return 1;
    }
    char *ring = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    shm_unlink("/shmoo-ring");
    memset(ring, 1, SIZE);
    puts("ring: done");
    return munmap(ring, SIZE) < 0;
}
