/*
 * flawed_map_leak.c - passes a greeting through shared memory. Flaw: when it cannot be mapped, the object is
 * left behind.
 */
#include "tests/targets/flawed.h"

#include <fcntl.h>
#include <sys/mman.h>

enum { SIZE = 4096 };

static const char greeting_name[] = "/flawed-greeting";

static int remove_greeting(int fd)
{
    close(fd);
    return shm_unlink(greeting_name) < 0 ? complain("shm_unlink") : 0;
}

static char *map_greeting(int fd)
{
    int error = posix_fallocate(fd, 0, SIZE);
    if (error) {
        complain_of("posix_fallocate", error);
        remove_greeting(fd);
        return NULL;
    }
    char *greeting = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (greeting == MAP_FAILED) {
        complain("mmap");
#ifdef SOUND
        remove_greeting(fd);
#endif
        return NULL;
    }
    return greeting;
}

int main(void)
{
    shm_unlink(greeting_name);
    int fd = shm_open(greeting_name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd < 0)
        return complain("shm_open");
    char *greeting = map_greeting(fd);
    if (!greeting)
        return 1;
    snprintf(greeting, SIZE, "hello");
    puts(greeting);
    munmap(greeting, SIZE);
    return remove_greeting(fd);
}
