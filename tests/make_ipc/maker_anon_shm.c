/* maker_anon_shm.c - anonymous memory shared by inheritance: MAP_SHARED | MAP_ANONYMOUS. */
#include "tests/make_ipc/maker.h"

#include "common/cleanup.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

/* The inode the kernel gave the memory, as /proc/self/maps says: "from-to prot offset dev inode path". */
static unsigned long inode_at(const void *memory)
{
    unsigned long from, inode;
    char line[4500];
    AUTO_FCLOSE FILE *maps = fopen("/proc/self/maps", "re");
    while (maps && fgets(line, sizeof(line), maps))
        if (sscanf(line, "%lx-%*x %*s %*x %*s %lu", &from, &inode) == 2 && from == (unsigned long)memory)
            return inode;
    die_saying("/proc/self/maps", "our mapping is not there");
}

static void keep(void *context)
{
    (void)context;
}

static void make(struct making *making)
{
    size_t size = want_size(making, "size", 4096), touch = want_size(making, "touch", 0);
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        die("mmap");
    memset(memory, 'x', touch < size ? touch : size);
    print_object(making, "anon-shm:%lu", inode_at(memory));
    print_value(making, "inode", "%lu", inode_at(memory));
    print_value(making, "size", "%zu", size);
    add_processes(making, "users", 2, keep, NULL);
    munmap(memory, size);
}

static const struct maker_key keys[] = {
    {"size",  "bytes"                                    },
    {"touch", "bytes to write, which makes them resident"},
    {"users", "processes that inherit it (2)"            },
    {NULL,    NULL                                       },
};

const struct maker maker_anon_shm = {.kind = "anon-shm", .keys = keys, .make = make};
