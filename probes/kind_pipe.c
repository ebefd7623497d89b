/* kind_pipe.c - anonymous pipes, known only by the descriptors "pipe:[INODE]" of processes. */
#include "probes/collection.h"
#include "probes/source_pipe.h"

#include <stdio.h>

static void set_owner(struct collection *collection, struct object *object, const struct holder *holder,
                      const struct fd *fd)
{
    char path[64];
    struct file_status status;
    snprintf(path, sizeof(path), "proc/%d/fd/%d", holder->process.through, fd->fd);
    if (!collection_needs(collection, NEED_VALUES) ||
        !collection_got(collection, collection->kernel->ops->stat(collection->kernel, path, &status)) ||
        status.inode != object->identity.number)
        return;
    collection_set_status(collection, object, &status);
    object->fields[FIELD_SIZE].type = object->fields[FIELD_USED].type = VALUE_NONE;
}

static struct object *claim_fd(struct collection *collection, struct holder *holder, struct fd *fd)
{
    uint64_t inode = fd->status.inode;
    struct object *object = collection_find(collection, SPACE_PIPE, inode);
    if (!object) {
        struct identity identity = {.space = SPACE_PIPE, .number = inode};
        object = collection_add(collection, &kind_pipe, identity, "%llu", (unsigned long long)inode);
        if (!object)
            return NULL;
        object_set(object, FIELD_INODE, inode);
        set_owner(collection, object, holder, fd);
    }
    pipe_set_state(collection, object, holder, fd);
    return object;
}

const struct kind kind_pipe = {
    .name = "pipe",
    .summary = "anonymous pipes",
    .noisy = true,
    .blocked_calls = true,
    .always = NEED_USERS,
    .fds = FD_PIPE,
    .claim_fd = claim_fd,
};
