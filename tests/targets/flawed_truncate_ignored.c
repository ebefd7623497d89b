/*
 * flawed_truncate_ignored.c - clears a frame buffer in shared memory. Flaw: goes on with an object that could
 * not be made large enough, or that the file system has no room for. Touching it then is SIGBUS.
 */
#include "tests/targets/flawed.h"

#include <fcntl.h>
#include <sys/mman.h>

enum { SIZE = 1 << 20 };

static const char frame_name[] = "/flawed-frame";

static int give_size(int fd)
{
#ifdef SOUND
    int error = posix_fallocate(fd, 0, SIZE);
    return error ? complain_of("posix_fallocate", error) : 0;
#else
    if (ftruncate(fd, SIZE) < 0)
        complain("ftruncate");
    return 0;
#endif
}

static int clear(int fd)
{
    if (give_size(fd))
        return 1;
    char *frame = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (frame == MAP_FAILED)
        return complain("mmap");
    memset(frame, 0xff, SIZE);
    munmap(frame, SIZE);
    puts("the frame is white");
    return 0;
}

int main(void)
{
    shm_unlink(frame_name);
    int fd = shm_open(frame_name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd < 0)
        return complain("shm_open");
    int status = clear(fd);
    close(fd);
    if (shm_unlink(frame_name) < 0)
        status = complain("shm_unlink");
    return status;
}
