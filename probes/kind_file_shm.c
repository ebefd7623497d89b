/*
 * kind_file_shm.c - regular files mapped MAP_SHARED and writable (SQLite's -shm, databases, ring buffers). A
 * reader may be seen before the first writer: a file is hidden until one turns up.
 */
#include "probes/collection.h"
#include "probes/source_file.h"
#include "probes/source_shm.h"

#include <string.h>
#include <sys/stat.h>

static struct object *add_file(struct collection *collection, const struct vma *vma,
                               const struct file_status *status)
{
    /* stat(2) tells another device than maps on file systems with subvolumes; mappings are what is looked up.
     */
    struct file_status told = *status;
    told.major = vma->major;
    told.minor = vma->minor;
    struct object *object = file_object(collection, &kind_file_shm, &told, "", vma->name, "");
    if (!object)
        return NULL;
    if (status->nlink)
        object->fields[FIELD_PATH] = object->fields[FIELD_NAME];
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
