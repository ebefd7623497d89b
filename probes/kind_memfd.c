/* kind_memfd.c - memfd_create(2) files: open as, or mapped from, "/memfd:NAME (deleted)". */
#include "common/link_name.h"
#include "probes/source_memory.h"

#include <string.h>

static void set_name(struct collection *collection, struct object *object, const char *link)
{
    static const char prefix[] = "/memfd:";
    collection_set_string(collection, object, FIELD_NAME, link + strlen(prefix),
                          link_name_length(link) - strlen(prefix));
}

static struct object *claim_vma(struct collection *collection, const struct holder *holder,
                                const struct vma *vma)
{
    bool new;
    struct object *object =
        memory_object(collection, &kind_memfd, SPACE_MEMFD, vma->major, vma->minor, vma->inode, &new);
    if (!object)
        return NULL;
    if (new)
        set_name(collection, object, vma->name);
    memory_set_from_vma(collection, object, holder, vma);
    return object;
}

static struct object *claim_fd(struct collection *collection, struct holder *holder, struct fd *fd)
{
    bool new;
    const struct file_status *status = &fd->status;
    (void)holder;
    struct object *object = memory_object(collection, &kind_memfd, SPACE_MEMFD, status->major, status->minor,
                                          status->inode, &new);
    if (!object)
        return NULL;
    if (new)
        set_name(collection, object, fd->link);
    if (!value_known(object->fields[FIELD_USED])) {
        collection_set_status(collection, object, status);
        object->identity.generation = status->btime ? status->btime : status->ctime;
    }
    return object;
}

const struct kind kind_memfd = {
    .name = "memfd",
    .summary = "memory files of memfd_create(2)",
    .always = NEED_USERS,
    .vmas = VMA_MEMFD,
    .fds = FD_MEMFD,
    .claim_vma = claim_vma,
    .claim_fd = claim_fd,
};
