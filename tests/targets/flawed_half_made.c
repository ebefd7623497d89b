/*
 * flawed_half_made.c - shares a page with whoever comes first. Flaw: takes an object that exists for one that
 * is complete. A crash between making it and giving it a size leaves one whose memory is SIGBUS to touch.
 */
#include "tests/targets/flawed.h"

#include <fcntl.h>
#include <stdbool.h>
#include <sys/mman.h>

enum { SIZE = 4096 };

static const char page_name[] = "/flawed-page";

static int open_page(bool *ret_made)
{
    int fd = shm_open(page_name, O_RDWR | O_CREAT | O_EXCL, 0600);
    *ret_made = fd >= 0;
    if (fd < 0 && errno == EEXIST)
        fd = shm_open(page_name, O_RDWR, 0600);
    return fd;
}

static int write_page(int fd, bool made)
{
#ifdef SOUND
    made = true; /* or left half made by another: to give it its size once more does no harm */
#endif
    int error = made ? posix_fallocate(fd, 0, SIZE) : 0;
    if (error)
        return complain_of("posix_fallocate", error);
    char *page = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (page == MAP_FAILED)
        return complain("mmap");
    snprintf(page, SIZE, "front page");
    puts(page);
    munmap(page, SIZE);
    return 0;
}

int main(void)
{
    bool made;
    int fd = open_page(&made);
    if (fd < 0)
        return complain("shm_open");
    int status = write_page(fd, made);
    close(fd);
    if (shm_unlink(page_name) < 0)
        status = complain("shm_unlink");
    return status;
}
