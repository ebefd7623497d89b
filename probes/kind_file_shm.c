/*
 * kind_file_shm.c - regular files mapped MAP_SHARED and writable (SQLite's -shm, databases, ring buffers). A
 * reader may be seen before the first writer: a file is hidden until one turns up.
 */
#include "probes/collection.h"
#include "probes/source_shm.h"

#include <string.h>
#include <sys/stat.h>

static struct object *add_file(struct collection *collection, const struct vma *vma,
                               const struct file_status *status)
{
    struct identity identity = {.space = space_of_device(vma->major, vma->minor),
                                .number = vma->inode,
                                .generation = status->btime ? status->btime : status->ctime};
    size_t length = status->nlink ? strlen(vma->name) : shm_length_without_deleted(vma->name);
    const char *escaped = collection_escape(collection, vma->name, length, "#@");
    struct object *object = status->nlink
                                ? collection_add(collection, &kind_file_shm, identity, "%s", escaped)
                                : collection_add(collection, &kind_file_shm, identity, "%s#%llu", escaped,
                                                 (unsigned long long)status->inode);
    if (!object)
        return NULL;
    collection_set_status(collection, object, status);
    collection_set_string(collection, object, FIELD_NAME, vma->name, length);
    if (status->nlink)
        collection_set_string(collection, object, FIELD_PATH, vma->name, length);
    object_set_word(object, FIELD_STATE, status->nlink ? "live" : "deleted");
    object->hidden = true;
    return object;
}

static struct object *new_file(struct collection *collection, const struct holder *holder,
                               const struct vma *vma)
{
    struct file_status status;
    /* "/[aio]" is the kernel's own ring of io_setup(2). */
    if (strncmp(vma->name, "/[", 2) == 0)
        return NULL;
    int r = shm_file_status(collection, holder, vma, &status);
    if (r < 0)
        collection_process_error(collection, "map_files", r);
    struct object *object = r >= 0 && S_ISREG(status.mode) ? add_file(collection, vma, &status) : NULL;
    if (object && r > 0)
        shm_deny_status(object);
    return object;
}

static struct object *claim_vma(struct collection *collection, const struct holder *holder,
                                const struct vma *vma)
{
    struct object *object = collection_find(collection, space_of_device(vma->major, vma->minor), vma->inode);
    if (object && object->kind != &kind_file_shm)
        return NULL;
    if (!object)
        object = new_file(collection, holder, vma);
    if (object && vma->access & EDGE_WRITE)
        object->hidden = false;
    return object;
}

const struct kind kind_file_shm = {
    .name = "file-shm",
    .summary = "regular files mapped shared and writable",
    .noisy = true,
    .always = NEED_USERS,
    .vmas = VMA_FILE,
    .depends = KIND_BIT(posix_shm) | KIND_BIT(posix_sem),
    .claim_vma = claim_vma,
};
