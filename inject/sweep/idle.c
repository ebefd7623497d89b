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
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* The state in /proc/PID/stat or /proc/PID/task/TID/stat; 'X' when it is gone. */
static char read_state(const char *path)
{
    AUTO_STRBUF struct strbuf text = {0};
    struct process process = {0};
    uint64_t ticks;
    if (!read_text(path, &text) || !parse_stat(strbuf_text(&text), text.length, &process, &ticks))
        return 'X';
    return process.state;
}

static enum stillness look_at_thread(const char *process, const char *thread)
{
    char path[600];
    snprintf(path, sizeof(path), "/proc/%s/task/%s/stat", process, thread);
    if (read_state(path) != 'S')
        return WORLD_MOVES;
    snprintf(path, sizeof(path), "/proc/%s/task/%s/syscall", process, thread);
    return waits_forever(path) ? WORLD_IDLE : WORLD_SLEEPS;
}

/*
 * A timer may come. Those of timer_create(2) are listed, and an empty file says that there is none; those of
 * alarm(2) and setitimer(2) are not, but who uses one to end a wait has a handler.
 */
static bool expects_timer(const char *process)
{
    char path[300];
    AUTO_STRBUF struct strbuf status = {0};
    AUTO_STRBUF struct strbuf timers = {0};
    unsigned long long handled;
    snprintf(path, sizeof(path), "/proc/%s/timers", process);
    if (read_text(path, &timers))
        return true;
    snprintf(path, sizeof(path), "/proc/%s/status", process);
    const char *line = read_text(path, &status) ? strstr(strbuf_text(&status), "\nSigCgt:") : NULL;
    return line && sscanf(line, "\nSigCgt: %llx", &handled) == 1 && handled >> (SIGALRM - 1) & 1;
}

static enum stillness less(enum stillness one, enum stillness other)
{
    return one < other ? one : other;
}

static enum stillness look_at_process(const char *name)
{
    char path[300];
    enum stillness found = WORLD_IDLE;
    snprintf(path, sizeof(path), "/proc/%s/task", name);
    AUTO_DIR DIR *tasks = opendir(path);
    for (struct dirent *entry; tasks && found > WORLD_MOVES && (entry = readdir(tasks));)
        if (entry->d_name[0] != '.')
            found = less(found, look_at_thread(name, entry->d_name));
    return found == WORLD_IDLE && expects_timer(name) ? WORLD_SLEEPS : found;
}

static bool has_ended(const char *name)
{
    char path[300];
    snprintf(path, sizeof(path), "/proc/%s/stat", name);
    char state = read_state(path);
    return state == 'X' || state == 'Z';
}

enum stillness idle_world(void)
{
    AUTO_DIR DIR *proc = opendir("/proc");
    enum stillness found = WORLD_IDLE;
    unsigned seen = 0;
    for (struct dirent *entry; proc && found > WORLD_MOVES && (entry = readdir(proc));) {
        char *end;
        long pid = strtol(entry->d_name, &end, 10);
        if (*end || pid <= 1 || has_ended(entry->d_name))
            continue;
        seen++;
        found = less(found, look_at_process(entry->d_name));
    }
    return seen ? found : WORLD_MOVES;
}
