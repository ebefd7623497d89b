/*
 * leaks_left.c - see leaks_left.h. A descriptor is taken for a leak into a child when all of this holds: it
 * is not one of the three standard ones, exec leaves it open, the process executed a program of its own,
 * another process had got that very number from a call that could have asked for close-on-exec, and neither
 * arguments nor environment of the program name the number, as whoever passes a descriptor on purpose does.
 */
#include "inspector/leaks_left.h"

#include "inspector/leaks_run.h"
#include "probes/edge.h"
#include "probes/kernel.h"
#include "probes/kind.h"
#include "probes/parse.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

uint64_t leaks_left_kinds(void)
{
    return KIND_BIT(sysv_shm) | KIND_BIT(sysv_sem) | KIND_BIT(sysv_msg) | KIND_BIT(posix_shm) |
           KIND_BIT(posix_sem) | KIND_BIT(posix_mq) | KIND_BIT(memfd) | KIND_BIT(anon_shm) | KIND_BIT(pipe) |
           KIND_BIT(fifo);
}

static int read_process(struct kernel *kernel, pid_t pid, const char *file, struct strbuf *text)
{
    char path[48];
    snprintf(path, sizeof(path), "proc/%d/%s", pid, file);
    return kernel->ops->read(kernel, path, text);
}

int leaks_left_list(struct leaks_report *report, struct kernel *kernel)
{
    pid_list pids = {0};
    int r = leaks_left_running(&pids);
    array_each(&pids, pid)
    {
        AUTO_STRBUF struct strbuf name = {0};
        struct left_process *process = array_push(&report->processes);
        if (!process)
            r = -ENOMEM;
        if (r < 0)
            break;
        read_process(kernel, *pid, "comm", &name);
        process->pid = *pid;
        snprintf(process->comm, sizeof(process->comm), "%.*s", (int)strcspn(strbuf_text(&name), "\n"),
                 strbuf_text(&name));
    }
    array_free(&pids);
    return r;
}

/* --- what came across exec --- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Whether a text has the number as a whole, as in "/dev/fd/63" or "--fd=3". */
static bool names_number(const char *text, int number)
{
    char digits[16];
    size_t length = (size_t)snprintf(digits, sizeof(digits), "%d", number);
    for (const char *at = text; (at = strstr(at, digits)); at += length)
        if ((at == text || !is_digit(at[-1])) && !is_digit(at[length]))
            return true;
    return false;
}

/* Variables that pass descriptors: LISTEN_FDS, NOTIFY_FD, …; and make's job server in MAKEFLAGS. */
static bool passes_descriptors(const char *setting)
{
    size_t length = strcspn(setting, "=");
    for (size_t i = 0; i + 1 < length; i++)
        if (strncasecmp(setting + i, "fd", 2) == 0)
            return true;
    return strncmp(setting, "MAKEFLAGS=", strlen("MAKEFLAGS=")) == 0;
}

/* LISTEN_FDS gives how many from 3 on, not which (sd_listen_fds(3)): whoever has it was given its
 * descriptors.
 */
static bool gives_descriptor(const char *setting, int fd)
{
    return strncmp(setting, "LISTEN_FDS=", strlen("LISTEN_FDS=")) == 0 || names_number(setting, fd);
}

static bool is_named(struct kernel *kernel, pid_t pid, int fd)
{
    AUTO_STRBUF struct strbuf words = {0}, settings = {0};
    if (read_process(kernel, pid, "cmdline", &words) < 0 ||
        read_process(kernel, pid, "environ", &settings) < 0)
        return true; /* gone, or not ours to know */
    const char *end = strbuf_text(&words) + words.length;
    for (const char *word = strbuf_text(&words); word < end; word += strlen(word) + 1)
        if (names_number(word, fd))
            return true;
    end = strbuf_text(&settings) + settings.length;
    for (const char *setting = strbuf_text(&settings); setting < end; setting += strlen(setting) + 1)
        if (passes_descriptors(setting) && gives_descriptor(setting, fd))
            return true;
    return false;
}

static bool stays_open_on_exec(struct kernel *kernel, pid_t pid, int fd)
{
    char file[32];
    uint64_t flags;
    AUTO_STRBUF struct strbuf text = {0};
    snprintf(file, sizeof(file), "fdinfo/%d", fd);
    return read_process(kernel, pid, file, &text) == 0 &&
           parse_number_after(strbuf_text(&text), "flags", 8, &flags) && !(flags & O_CLOEXEC);
}

static bool is_inherited(struct leaks_report *report, struct kernel *kernel, const struct process *process,
                         const struct edge *edge, struct making *ret_making)
{
    const struct snapshot *snapshot = report->snapshot;
    return report->attribution && process->executed &&
           attribution_inherited(report->attribution, snapshot, snapshot->objects[edge->object], edge->fd,
                                 process->pid, process->start, ret_making) &&
           stays_open_on_exec(kernel, process->pid, edge->fd) && !is_named(kernel, process->pid, edge->fd);
}

/* --- what each has --- */

static struct left_process *find_left(struct leaks_report *report, pid_t pid)
{
    array_each(&report->processes, left) if (left->pid == pid) return left;
    return NULL;
}

/* What shmoo was started with, the command has from there too. */
static bool is_from_outside(const struct edge *edge, const struct object *object)
{
    struct stat status;
    return edge->role == EDGE_OPEN &&
           (edge->fd <= STDERR_FILENO ||
            (fstat(edge->fd, &status) == 0 && status.st_ino == object->identity.number));
}

static int add_holding(struct leaks_report *report, struct kernel *kernel, const struct edge *edge)
{
    const struct process *process = &report->snapshot->processes[edge->process];
    const struct object *object = report->snapshot->objects[edge->object];
    struct left_process *left = object->hidden ? NULL : find_left(report, process->pid);
    if (!left || is_from_outside(edge, object))
        return 0;
    struct holding *holding = array_push(&left->holdings);
    if (!holding)
        return -ENOMEM;
    *holding = (struct holding){.object = object, .role = edge->role, .fd = -1};
    if (edge->role != EDGE_OPEN)
        return 0;
    holding->fd = edge->fd;
    holding->inherited = is_inherited(report, kernel, process, edge, &holding->making);
    return 0;
}

int leaks_left_holdings(struct leaks_report *report, struct kernel *kernel)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < report->snapshot->edge_count; i++)
        r = add_holding(report, kernel, &report->snapshot->edges[i]);
    return r;
}
