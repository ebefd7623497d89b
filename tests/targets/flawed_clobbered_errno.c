/*
 * flawed_clobbered_errno.c - lays a picture of several shared memory objects. Flaw: the clean-up after an
 * error sets errno, which is read only then: the error is passed on as success, and what was not mapped is
 * used.
 */
#include "tests/targets/flawed.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>

enum { PARTS = 2, SIZE = 4096 };

static const char prefix[] = "flawed-part.";

/* All that are there, also those of an earlier run. How many could not be removed. */
static int remove_parts(void)
{
    int failed = 0;
    struct dirent *entry;
    DIR *directory = opendir("/dev/shm");
    if (!directory)
        return 1;
    for (errno = 0; (entry = readdir(directory)); errno = 0)
        if (strncmp(entry->d_name, prefix, sizeof(prefix) - 1) == 0)
            failed += shm_unlink(entry->d_name) < 0;
    closedir(directory);
    return failed;
}

static char *map_part(int part)
{
    char name[32];
    snprintf(name, sizeof(name), "/%s%d", prefix, part);
    int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd < 0)
        return MAP_FAILED;
    errno = posix_fallocate(fd, 0, SIZE);
    char *map = errno ? MAP_FAILED : mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    int error = errno;
    close(fd);
    errno = error;
    return map;
}

/* 0 or -errno, and then nothing is left. */
static int make_parts(char *ret_parts[PARTS])
{
    for (int part = 0; part < PARTS; part++) {
        ret_parts[part] = map_part(part);
        if (ret_parts[part] != MAP_FAILED)
            continue;
#ifdef SOUND
        int error = errno;
        remove_parts();
        return -error;
#else
        remove_parts();
        return -errno;
#endif
    }
    return 0;
}

int main(void)
{
    char *parts[PARTS];
    remove_parts();
    int r = make_parts(parts);
    if (r < 0)
        return complain_of("make the parts", -r);
    for (int part = 0; part < PARTS; part++)
        memset(parts[part], 'a' + part, SIZE);
    printf("a picture of %d parts\n", PARTS);
    if (remove_parts() == 0)
        return 0;
    fputs("parts are left\n", stderr);
    return 1;
}
