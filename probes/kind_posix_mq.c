/*
 * kind_posix_mq.c - POSIX message queues: files of the mqueue file system, mounted or not, and queues that
 * only descriptors still lead to. A descriptor's link reads "/name" whatever it is; its file system tells.
 */
#include "probes/collection.h"
#include "probes/source_file.h"
#include "probes/source_namespaces.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { MQUEUE_MAGIC = 0x19800202 };

/* Queues of our own namespace need no suffix. */
static struct object *add_queue(struct collection *collection, const char *name,
                                const struct file_status *status, uint64_t ipc_namespace)
{
    char suffix[32] = "";
    if (ipc_namespace != collection->snapshot->ipc_namespace)
        snprintf(suffix, sizeof(suffix), "@%llu", (unsigned long long)ipc_namespace);
    struct object *object = file_object(collection, &kind_posix_mq, status, "/", name, suffix);
    /* The size of the file is that of its text (FILENT_SIZE in ipc/mqueue.c), not of the queue. */
    if (!object)
        return NULL;
    object->fields[FIELD_SIZE].type = object->fields[FIELD_USED].type = VALUE_NONE;
    object_set(object, FIELD_NAMESPACE, ipc_namespace);
    return object;
}

static void deny_attributes(struct object *object)
{
    static const enum field attributes[] = {FIELD_MESSAGES, FIELD_MAXMSG, FIELD_MSGSIZE, FIELD_SIZE};
    for (size_t i = 0; i < COUNT_OF(attributes); i++)
        object_deny(object, attributes[i]);
}

static void set_attributes(struct object *object, const struct queue_file *file)
{
    object_set(object, FIELD_MESSAGES, file->messages);
    object_set(object, FIELD_MAXMSG, file->maxmsg);
    object_set(object, FIELD_MSGSIZE, file->msgsize);
    object_set(object, FIELD_SIZE, file->maxmsg * file->msgsize);
    object_set(object, FIELD_CAPACITY, file->maxmsg * file->msgsize);
    if (!file->messages)
        object_set(object, FIELD_FILL, 0);
    if (!file->text_read)
        return;
    object_set(object, FIELD_FILL, file->bytes);
    if (file->notify_pid) {
        object_set(object, FIELD_NOTIFY, (uint64_t)file->notify_pid);
        object_set(object, FIELD_SIGNAL, (uint64_t)file->signal);
    }
}

struct seeing {
    struct collection *collection;
    uint64_t ipc_namespace;
};

static int see_queue(void *argument, const struct queue_file *file)
{
    const struct seeing *seeing = argument;
    struct object *object = add_queue(seeing->collection, file->name, &file->status, seeing->ipc_namespace);
    if (!object)
        return -ENOMEM;
    if (file->error)
        deny_attributes(object);
    else
        set_attributes(object, file);
    return 0;
}

static int list_queues(struct collection *collection, const struct ipc_view *view, void *argument)
{
    struct seeing seeing = {.collection = collection, .ipc_namespace = view->number};
    bool read_text = collection_needs(collection, NEED_NOTIFY);
    (void)argument;
    return collection->kernel->ops->queue_files(collection->kernel, read_text, see_queue, &seeing);
}

static int enumerate(struct collection *collection)
{
    return source_namespaces_each(collection, "mqueue", NULL, list_queues, NULL);
}

static bool is_queue(struct collection *collection, const struct holder *holder, const struct fd *fd)
{
    char path[64];
    struct file_system system;
    snprintf(path, sizeof(path), "proc/%d/fd/%d", holder->process.through, fd->fd);
    if (!S_ISREG(fd->status.mode))
        return false;
    int r = collection->kernel->ops->file_system(collection->kernel, path, &system);
    if (r < 0)
        collection_process_error(collection, "fd", r);
    return r == 0 && system.type == MQUEUE_MAGIC;
}

static struct object *claim_fd(struct collection *collection, struct holder *holder, struct fd *fd)
{
    struct object *known = file_find(collection, &fd->status);
    if (known)
        return known->kind == &kind_posix_mq ? known : NULL;
    uint64_t space = holder->process.ipc_namespace;
    bool ours = space == collection->snapshot->ipc_namespace;
    if ((!ours && !collection->request->all_namespaces) || !is_queue(collection, holder, fd) ||
        !collection_fd(collection, holder, fd))
        return NULL;
    const char *name = strrchr(fd->link, '/') + 1;
    struct object *object = add_queue(collection, name, &fd->status, space);
    if (!object)
        return NULL;
    deny_attributes(object);
    return object;
}

static int tie_notified(struct collection *collection)
{
    array_each(&collection->objects, object)
    {
        struct value notify = (*object)->fields[FIELD_NOTIFY];
        if ((*object)->kind == &kind_posix_mq && notify.type == VALUE_PID)
            collection_tie_pid(collection, (pid_t)notify.number, *object, EDGE_NOTIFY);
    }
    return 0;
}

const struct kind kind_posix_mq = {
    .name = "posix-mq",
    .summary = "POSIX message queues",
    .blocked_calls = true,
    .fds = FD_QUEUE,
    .enumerate = enumerate,
    .claim_fd = claim_fd,
    .finish = tie_notified,
};
