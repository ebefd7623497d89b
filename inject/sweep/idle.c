/* idle.c - see idle.h. Threads are seen through /proc/PID/task/TID/syscall, see proc(5). */
#include "inject/sweep/idle.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "common/file.h"
#include "common/strbuf.h"
#include "probes/blocked.h"
#include "probes/parse.h"
#include "probes/process.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>

/* Calls that wait for no IPC object, beside those of probes/blocked.def; the argument that limits it, or -1.
 */
static const struct {
    long number;
    int timeout;
} others[] = {
    {SYS_wait4,           -1},
    {SYS_waitid,          -1},
    {SYS_rt_sigsuspend,   -1},
    {SYS_rt_sigtimedwait, 2 },
    {SYS_ppoll,           2 },
    {SYS_pselect6,        4 },
#ifdef SYS_pause
    {SYS_pause,           -1},
#endif
};

static bool read_text(const char *path, struct strbuf *ret_text)
{
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
    return fd >= 0 && file_read_all(fd, ret_text) == 0 && ret_text->length;
}

/* "running", or the number and six arguments in hexadecimal. */
static bool waits_otherwise(const char *text)
{
    long number;
    unsigned long long arguments[6];
    if (sscanf(text, "%ld %llx %llx %llx %llx %llx %llx", &number, &arguments[0], &arguments[1],
               &arguments[2], &arguments[3], &arguments[4], &arguments[5]) != 7)
        return false;
    for (size_t index = 0; index < COUNT_OF(others); index++)
        if (others[index].number == number)
            return others[index].timeout < 0 || !arguments[others[index].timeout];
    return false;
}

static bool waits_forever(const char *path)
{
    AUTO_STRBUF struct strbuf text = {0};
    struct wait wait;
    if (!read_text(path, &text))
        return false;
    return blocked_parse(strbuf_text(&text), &wait) ? !wait_is_timed(&wait)
                                                    : waits_otherwise(strbuf_text(&text));
}

static bool is_zombie(const char *name)
{
    char path[300];
    AUTO_STRBUF struct strbuf text = {0};
    struct process process = {0};
    uint64_t ticks;
    snprintf(path, sizeof(path), "/proc/%s/stat", name);
    return !read_text(path, &text) || !parse_stat(strbuf_text(&text), text.length, &process, &ticks) ||
           process.state == 'Z';
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
