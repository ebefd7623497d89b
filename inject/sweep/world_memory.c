/*
 * world_memory.c - see world_memory.h. A limit by setrlimit(2) is no way: RLIMIT_AS and RLIMIT_DATA count
 * what sanitizers only reserve, and nothing limits what is resident.
 */
#include "inject/sweep/world_memory.h"

#include "common/cleanup.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Pages, see proc(5). */
static void read_process(long pid, unsigned long long *ret_own, unsigned long long *ret_shared)
{
    char path[64];
    unsigned long long resident;
    unsigned long long shared;
    snprintf(path, sizeof(path), "/proc/%ld/statm", pid);
    AUTO_FCLOSE FILE *file = fopen(path, "re");
    if (!file || fscanf(file, "%*u %llu %llu", &resident, &shared) != 2 || shared > resident)
        return;
    *ret_own = resident - shared;
    *ret_shared = shared;
}

uint64_t world_memory(void)
{
    AUTO_DIR DIR *proc = opendir("/proc");
    uint64_t sum = 0;
    uint64_t most_shared = 0;
    for (struct dirent *entry; proc && (entry = readdir(proc));) {
        char *end;
        long pid = strtol(entry->d_name, &end, 10);
        unsigned long long own = 0;
        unsigned long long shared = 0;
        if (*end || pid <= 1)
            continue;
        read_process(pid, &own, &shared);
        sum += own;
        most_shared = shared > most_shared ? shared : most_shared;
    }
    return (sum + most_shared) * (uint64_t)getpagesize();
}
