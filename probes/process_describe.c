/*
 * process_describe.c - see process_describe.h. What a process is, from a glance where the kernel can be asked
 * for one, else from its stat and its other files in /proc/PID.
 */
#include "probes/process_describe.h"

#include "common/arena.h"
#include "common/cleanup.h"
#include "common/strbuf.h"
#include "probes/collect.h"
#include "probes/kernel.h"
#include "probes/parse.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum { PATH_ROOM = 64 };

static uint64_t ticks_to_nanoseconds(uint64_t ticks)
{
    uint64_t per_second = (uint64_t)sysconf(_SC_CLK_TCK);
    return per_second ? ticks / per_second * UINT64_C(1000000000) +
                            ticks % per_second * UINT64_C(1000000000) / per_second
                      : 0;
}

/* 0 with the number, or the error with 0 for a number. */
static int namespace_number(struct kernel *kernel, pid_t pid, const char *name, uint64_t *ret_number)
{
    char path[PATH_ROOM];
    AUTO_STRBUF struct strbuf link = {0};
    snprintf(path, sizeof(path), "proc/%d/ns/%s", pid, name);
    *ret_number = 0;
    int r = kernel->ops->link(kernel, path, &link);
    return r == 0 && !parse_bracketed(strbuf_text(&link), ret_number) ? -EINVAL : r;
}

static int read_string(struct kernel *kernel, struct arena *arena, pid_t pid, const char *name,
                       struct value *ret_value)
{
    char path[PATH_ROOM];
    AUTO_STRBUF struct strbuf text = {0};
    snprintf(path, sizeof(path), "proc/%d/%s", pid, name);
    int r = kernel->ops->read(kernel, path, &text);
    if (r < 0 || !text.length)
        return r;
    *ret_value = value_string(arena_copy(arena, text.text, text.length), text.length);
    return ret_value->string ? 0 : -ENOMEM;
}

/* Keeps the first error there was, but for what is gone with the process. */
static void keep_error(int *error, int r)
{
    if (r < 0 && r != -ENOENT && r != -ESRCH && *error == 0)
        *error = -r;
}

/* What is not there or not readable is left out, and the latter said. */
static void describe_more(struct kernel *kernel, struct arena *arena, struct process *process)
{
    struct value cgroup = {0};
    const char *id;
    size_t length;
    pid_t pid = process->through;
    keep_error(&process->description_error, read_string(kernel, arena, pid, "cmdline", &process->command));
    keep_error(&process->description_error, read_string(kernel, arena, pid, "cgroup", &cgroup));
    keep_error(&process->namespace_error, namespace_number(kernel, pid, "mnt", &process->mount_namespace));
    keep_error(&process->namespace_error, namespace_number(kernel, pid, "pid", &process->pid_namespace));
    if (cgroup.type == VALUE_STRING && parse_container(cgroup.string, &id, &length))
        process->container = value_string(id, length);
}

bool process_has_ended(const struct process *process)
{
    return process->state == 'Z' || process->state == 'X';
}

static bool thread_lives(struct kernel *kernel, pid_t pid, pid_t tid)
{
    AUTO_STRBUF struct strbuf text = {0};
    struct process thread;
    uint64_t ticks;
    return kernel_read_thread(kernel, pid, tid, "stat", &text) == 0 &&
           parse_stat(strbuf_text(&text), text.length, &thread, &ticks) && !process_has_ended(&thread);
}

/*
 * A process whose first thread has ended (pthread_exit(3) in main()) looks as empty as a zombie, for
 * /proc/PID is that thread. Memory, descriptors and namespaces are those of the others, each of which has a
 * /proc/TID.
 */
static int find_through(struct kernel *kernel, const struct process *process, pid_t *ret_through)
{
    AUTO_FREE pid_t *tids = NULL;
    size_t count = 0;
    pid_t through = process->pid;
    if (process_has_ended(process) && process->threads > 1) {
        int r = kernel->ops->tids(kernel, process->pid, &tids, &count);
        if (r < 0)
            return r;
    }
    for (size_t i = 0; i < count && through == process->pid; i++)
        if (tids[i] != process->pid && thread_lives(kernel, process->pid, tids[i]))
            through = tids[i];
    *ret_through = through;
    return 0;
}

int process_glance(struct kernel *kernel, pid_t pid, struct glance *ret_glance)
{
    return kernel->ops->glance ? kernel->ops->glance(kernel, pid, ret_glance) : -ENOTSUP;
}

static int read_stat(struct kernel *kernel, pid_t pid, struct strbuf *text, struct glance *ret_glance)
{
    char path[PATH_ROOM];
    struct file_status status;
    struct glance glance = {.process.pid = pid};
    snprintf(path, sizeof(path), "proc/%d/stat", pid);
    int r = kernel->ops->read(kernel, path, text);
    if (r < 0)
        return r;
    if (!parse_stat(strbuf_text(text), text->length, &glance.process, &glance.start_ticks))
        return -EINVAL;
    snprintf(path, sizeof(path), "proc/%d", pid);
    r = kernel->ops->stat(kernel, path, &status);
    if (r < 0)
        return r;
    glance.process.uid = status.uid;
    *ret_glance = glance;
    return 0;
}

int process_see(struct kernel *kernel, pid_t pid, struct strbuf *text, struct glance *ret_glance)
{
    struct glance glance;
    int r = process_glance(kernel, pid, &glance);
    if (r < 0)
        r = read_stat(kernel, pid, text, &glance);
    if (r == 0)
        r = find_through(kernel, &glance.process, &glance.process.through);
    if (r == 0)
        *ret_glance = glance;
    return r;
}

int process_describe(struct kernel *kernel, unsigned needs, const struct kernel_clock *clock,
                     struct arena *arena, pid_t pid, struct process *ret_process)
{
    AUTO_STRBUF struct strbuf text = {0};
    struct glance glance;
    int r = process_see(kernel, pid, &text, &glance);
    if (r < 0)
        return r;
    struct process process = glance.process;
    process.start = clock->boot + ticks_to_nanoseconds(glance.start_ticks);
    process.comm.string = arena_copy(arena, process.comm.string, process.comm.length);
    if (!process.comm.string)
        return -ENOMEM;
    if (glance.same_ipc)
        process.ipc_namespace = kernel->ipc_namespace;
    else
        keep_error(&process.namespace_error,
                   namespace_number(kernel, process.through, "ipc", &process.ipc_namespace));
    if (needs & NEED_COMMANDS)
        describe_more(kernel, arena, &process);
    if (process.namespace_error == ENOMEM || process.description_error == ENOMEM)
        return -ENOMEM;
    *ret_process = process;
    return 0;
}
