/*
 * kind_fifo.c - FIFOs that a process has open or waits to open, and those in shared memory file systems. A
 * thread blocked in open(2) has no descriptor yet: its path is read from its memory. No FIFO is ever opened
 * here.
 */
#include "common/strbuf.h"
#include "probes/collection.h"
#include "probes/source_pipe.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum { PAGE = 4096 };

static struct object *fifo_object(struct collection *collection, const char *path,
                                  const struct file_status *status)
{
    static const char deleted[] = " (deleted)";
    struct identity identity = {.space = space_of_device(status->major, status->minor),
                                .number = status->inode,
                                .generation = status->btime ? status->btime : status->ctime};
    struct object *object = collection_find(collection, identity.space, identity.number);
    if (object)
        return object->kind == &kind_fifo ? object : NULL;
    size_t length = strlen(path), ending = strlen(deleted);
    if (!status->nlink && length > ending && strcmp(path + length - ending, deleted) == 0)
        length -= ending;
    const char *escaped = collection_escape(collection, path, length, "#@");
    object = status->nlink ? collection_add(collection, &kind_fifo, identity, "%s", escaped)
                           : collection_add(collection, &kind_fifo, identity, "%s#%llu", escaped,
                                            (unsigned long long)status->inode);
    if (!object)
        return NULL;
    collection_set_status(collection, object, status);
    collection_set_string(collection, object, FIELD_NAME, path, length);
    if (status->nlink)
        collection_set_string(collection, object, FIELD_PATH, path, length);
    object_set_word(object, FIELD_STATE, status->nlink ? "live" : "deleted");
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

static struct object *claim_fd(struct collection *collection, struct holder *holder, const struct fd *fd)
{
    struct object *object = S_ISFIFO(fd->status.mode) ? fifo_object(collection, fd->link, &fd->status) : NULL;
    if (object)
        pipe_set_state(collection, object, holder, fd);
    return object;
}

/* A string of another process, a page at a time since the next page may not be there. */
static bool read_path(struct collection *collection, pid_t pid, uint64_t address, char ret_path[PATH_MAX])
{
    size_t length = 0;
    while (length < PATH_MAX) {
        size_t step = PAGE - (address + length) % PAGE;
        if (step > PATH_MAX - length)
            step = PATH_MAX - length;
        if (collection->kernel->ops->memory(collection->kernel, pid, address + length, ret_path + length,
                                            step) < 0)
            return false;
        if (memchr(ret_path + length, '\0', step))
            return true;
        length += step;
    }
    return false;
}

/* What a relative path starts from: the working directory, or the folder of a descriptor. */
static bool start_folder(struct collection *collection, pid_t pid, int folder, struct strbuf *ret_path)
{
    char link[64];
    if (folder == AT_FDCWD)
        snprintf(link, sizeof(link), "proc/%d/cwd", pid);
    else
        snprintf(link, sizeof(link), "proc/%d/fd/%d", pid, folder);
    return collection->kernel->ops->link(collection->kernel, link, ret_path) == 0;
}

static struct object *claim_wait(struct collection *collection, const struct holder *holder,
                                 const struct wait *wait, struct edge *edge)
{
    if (wait->call->target != WAIT_OPEN)
        return NULL;
    bool at = wait->call->number == SYS_openat;
    int folder = at ? (int)wait->arguments[0] : AT_FDCWD;
    uint64_t flags = wait->arguments[at ? 2 : 1];
    char name[PATH_MAX];
    AUTO_STRBUF struct strbuf path = {0};
    struct file_status status;
    if (!read_path(collection, holder->process.pid, wait->arguments[at ? 1 : 0], name) || !*name)
        return NULL;
    if (*name != '/') {
        if (!start_folder(collection, holder->process.pid, folder, &path))
            return NULL;
        strbuf_add_char(&path, '/');
    }
    strbuf_add_string(&path, name);
    if (path.failed || collection->kernel->ops->stat(collection->kernel, path.text + 1, &status) < 0 ||
        !S_ISFIFO(status.mode))
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
