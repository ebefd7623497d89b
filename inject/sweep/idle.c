/* idle.c - see idle.h. Threads are seen through /proc/PID/task/TID/syscall, see proc(5). */
#include "inject/sweep/idle.h"

#include "common/array.h"
#include "common/cleanup.h"

#include <linux/futex.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

/* Calls that wait; with `argument` (from 0; -1: none) at `forever` they do so without a limit. */
static const struct waiting {
    long number;
    int argument;
    uint64_t forever;
} waitings[] = {
    {SYS_futex,           3,  0},
    {SYS_semtimedop,      3,  0},
    {SYS_mq_timedreceive, 4,  0},
    {SYS_mq_timedsend,    4,  0},
    {SYS_msgrcv,          -1, 0},
    {SYS_msgsnd,          -1, 0},
    {SYS_read,            -1, 0},
    {SYS_write,           -1, 0},
    {SYS_openat,          -1, 0},
    {SYS_fcntl,           -1, 0},
    {SYS_flock,           -1, 0},
    {SYS_wait4,           -1, 0},
    {SYS_waitid,          -1, 0},
    {SYS_recvfrom,        -1, 0},
    {SYS_recvmsg,         -1, 0},
    {SYS_sendto,          -1, 0},
    {SYS_sendmsg,         -1, 0},
    {SYS_rt_sigsuspend,   -1, 0},
    {SYS_rt_sigtimedwait, 2,  0},
    {SYS_ppoll,           2,  0},
    {SYS_pselect6,        4,  0},
#ifdef SYS_semop
    {SYS_semop,           -1, 0},
#endif
#ifdef SYS_pause
    {SYS_pause,           -1, 0},
#endif
#ifdef SYS_open
    {SYS_open,            -1, 0},
#endif
};

/* "running", or the number and six arguments in hexadecimal. */
static bool waits_forever(const char *path)
{
    long number;
    unsigned long long arguments[6];
    AUTO_FCLOSE FILE *file = fopen(path, "re");
    if (!file || fscanf(file, "%ld %llx %llx %llx %llx %llx %llx", &number, &arguments[0], &arguments[1],
                        &arguments[2], &arguments[3], &arguments[4], &arguments[5]) != 7)
        return false;
    for (size_t index = 0; index < COUNT_OF(waitings); index++)
        if (waitings[index].number == number)
            return waitings[index].argument < 0 ||
                   arguments[waitings[index].argument] == waitings[index].forever;
    return false;
}

static bool is_zombie(const char *name)
{
    char path[300];
    char state = 0;
    snprintf(path, sizeof(path), "/proc/%s/stat", name);
    AUTO_FCLOSE FILE *file = fopen(path, "re");
    return !file || fscanf(file, "%*d (%*[^)]) %c", &state) != 1 || state == 'Z';
}

static bool idle_process(const char *name)
{
    char path[600];
    snprintf(path, sizeof(path), "/proc/%s/task", name);
    AUTO_DIR DIR *tasks = opendir(path);
    for (struct dirent *entry; tasks && (entry = readdir(tasks));) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "/proc/%s/task/%s/syscall", name, entry->d_name);
        if (!waits_forever(path))
            return false;
    }
    return true;
}

bool idle_world(void)
{
    AUTO_DIR DIR *proc = opendir("/proc");
    unsigned seen = 0;
    for (struct dirent *entry; proc && (entry = readdir(proc));) {
        char *end;
        long pid = strtol(entry->d_name, &end, 10);
        if (*end || pid <= 1 || is_zombie(entry->d_name))
            continue;
        seen++;
        if (!idle_process(entry->d_name))
            return false;
    }
    return seen > 0;
}
