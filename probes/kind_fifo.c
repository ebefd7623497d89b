/*
 * kind_fifo.c - FIFOs that a process has open or waits to open, and those in shared memory file systems. A
 * thread blocked in open(2) has no descriptor yet: its path is read from its memory. No FIFO is ever opened
 * here.
 */
#include "common/strbuf.h"
#include "probes/collection.h"
#include "probes/parse.h"
#include "probes/source_file.h"
#include "probes/source_pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum { START_ROOM = 64 };

static struct object *fifo_object(struct collection *collection, const char *path,
                                  const struct file_status *status)
{
    struct object *object = file_find(collection, status);
    if (object)
        return object->kind == &kind_fifo ? object : NULL;
    object = file_object(collection, &kind_fifo, status, "", path, "");
    if (!object)
        return NULL;
    if (status->nlink)
        object->fields[FIELD_PATH] = object->fields[FIELD_NAME];
    /* Those of the file, which holds nothing; a pipe's are set where it is open. */
    object->fields[FIELD_SIZE].type = object->fields[FIELD_USED].type = VALUE_NONE;
    return object;
}

static struct object *claim_file(struct collection *collection, const struct shm_mount *mount,
                                 const struct shm_file *file)
{
    char path[2 * PATH_MAX];
    if (!S_ISFIFO(file->status.mode))
        return NULL;
    snprintf(path, sizeof(path), "/%s/%s", mount->path, file->path);
    return fifo_object(collection, path, &file->status);
}

static struct object *claim_fd(struct collection *collection, struct holder *holder, struct fd *fd)
{
    struct object *object = S_ISFIFO(fd->status.mode) ? fifo_object(collection, fd->link, &fd->status) : NULL;
    if (object)
        pipe_set_state(collection, object, holder, fd);
    return object;
}

/* What a path starts from, below /proc/PID: its root, its working directory or the folder of a descriptor. */
static void start_folder(char ret_folder[START_ROOM], pid_t pid, int folder, bool absolute)
{
    if (absolute)
        snprintf(ret_folder, START_ROOM, "proc/%d/root", pid);
    else if (folder == AT_FDCWD)
        snprintf(ret_folder, START_ROOM, "proc/%d/cwd", pid);
    else
        snprintf(ret_folder, START_ROOM, "proc/%d/fd/%d", pid, folder);
}

/* The status of what a process opens, and the path that leads there for it. */
static int opened_file(struct collection *collection, pid_t pid, int folder, const char *name,
                       struct strbuf *ret_path, struct file_status *ret_status)
{
    char start[START_ROOM];
    AUTO_STRBUF struct strbuf path = {0};
    start_folder(start, pid, folder, *name == '/');
    strbuf_add_format(&path, "%s/%s", start, name);
    int r = path.failed ? -ENOMEM : collection->kernel->ops->stat(collection->kernel, path.text, ret_status);
    if (r == 0 && *name != '/')
        r = collection->kernel->ops->link(collection->kernel, start, ret_path);
    if (*name != '/')
        strbuf_add_char(ret_path, '/');
    strbuf_add_string(ret_path, name);
    return ret_path->failed ? -ENOMEM : r;
}

/*
 * A thread that opens a file may wait for a server that does not answer, and whoever looks at that file waits
 * too. It waits for NFS in state D, which nobody does for a FIFO, and for FUSE in request_wait_answer().
 */
static bool may_wait_for_fifo(struct collection *collection, pid_t pid, pid_t tid)
{
    AUTO_STRBUF struct strbuf stat = {0}, place = {0};
    struct process thread;
    uint64_t ticks;
    int r = kernel_read_thread(collection->kernel, pid, tid, "stat", &stat);
    if (r < 0)
        collection_process_error(collection, "stat", r);
    if (r < 0 || !parse_stat(strbuf_text(&stat), stat.length, &thread, &ticks) || thread.state != 'S')
        return false;
    r = kernel_read_thread(collection->kernel, pid, tid, "wchan", &place);
    return !collection_got(collection, r) || strcmp(strbuf_text(&place), "request_wait_answer") != 0;
}

static struct object *claim_wait(struct collection *collection, const struct holder *holder,
                                 const struct wait *wait, struct edge *edge)
{
    pid_t pid = holder->process.through;
    if (wait->call->target != WAIT_OPEN || !may_wait_for_fifo(collection, pid, wait->tid))
        return NULL;
    bool at = wait->call->number == SYS_openat;
    int folder = at ? (int)wait->arguments[0] : AT_FDCWD;
    uint64_t flags = wait->arguments[at ? 2 : 1];
    char name[PATH_MAX];
    AUTO_STRBUF struct strbuf path = {0};
    struct file_status status;
    int r = collection->kernel->ops->string(collection->kernel, pid, wait->arguments[at ? 1 : 0], name,
                                            sizeof(name));
    if (r == 0)
        r = opened_file(collection, pid, folder, name, &path, &status);
    /* The thread may be elsewhere by now, and then its memory means something else. */
    if (r < 0 && r != -EFAULT && r != -ENOTDIR)
        collection_process_error(collection, "open", r);
    if (r < 0 || !S_ISFIFO(status.mode))
        return NULL;
    edge->access = (flags & O_ACCMODE) == O_WRONLY ? EDGE_WRITE : EDGE_READ;
    return fifo_object(collection, path.text, &status);
}

const struct kind kind_fifo = {
    .name = "fifo",
    .summary = "FIFOs that are open, waited for, or in /dev/shm",
    .noisy = true,
    .blocked_calls = true,
    .always = NEED_USERS | NEED_WAITERS,
    .fds = FD_SHM | FD_FILE | FD_QUEUE,
    .claim_shm_file = claim_file,
    .claim_fd = claim_fd,
    .claim_wait = claim_wait,
};
