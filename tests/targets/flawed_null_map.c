/*
 * flawed_null_map.c - adds up a table in shared memory. Flaw: takes NULL for what mmap returns when it fails.
 */
#include "tests/targets/flawed.h"

#include <fcntl.h>
#include <sys/mman.h>

enum { COUNT = 1000, SIZE = COUNT * sizeof(int) };

static const char table_name[] = "/flawed-table";

static int *map_table(int fd)
{
    int *table = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
#ifdef SOUND
    return table == MAP_FAILED ? NULL : table;
#else
    return table;
#endif
}

static int add_up(int fd)
{
    int error = posix_fallocate(fd, 0, SIZE);
    if (error)
        return complain_of("posix_fallocate", error);
    int *table = map_table(fd);
    if (!table)
        return complain("mmap");
    long sum = 0;
    for (int index = 0; index < COUNT; index++)
        table[index] = index;
    for (int index = 0; index < COUNT; index++)
        sum += table[index];
    printf("sum %ld\n", sum);
    munmap(table, SIZE);
    return 0;
}

int main(void)
{
    shm_unlink(table_name);
    int fd = shm_open(table_name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd < 0)
        return complain("shm_open");
    int status = add_up(fd);
    close(fd);
    if (shm_unlink(table_name) < 0)
        status = complain("shm_unlink");
    return status;
}
