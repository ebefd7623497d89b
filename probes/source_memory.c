/* source_memory.c - see source_memory.h. */
#include "probes/source_memory.h"

#include "probes/source_shm.h"

#include <errno.h>

struct object *memory_object(struct collection *collection, const struct kind *kind, enum space space,
                             uint32_t major, uint32_t minor, uint64_t inode, bool *ret_new)
{
    struct identity identity = {.space = (uint64_t)space << 56 | (uint64_t)major << 32 | minor,
                                .number = inode};
    struct object *object = collection_find(collection, identity.space, inode);
    *ret_new = !object;
    if (!object)
        object = collection_add(collection, kind, identity, "%llu", (unsigned long long)inode);
    if (object && *ret_new)
        object_set(object, FIELD_INODE, inode);
    return object;
}

void memory_set_from_vma(struct collection *collection, struct object *object, const struct holder *holder,
                         const struct vma *vma)
{
    struct file_status status;
    uint64_t reach = vma->offset + (vma->end - vma->start);
    if (value_known(object->fields[FIELD_USED]))
        return;
    int r = shm_vma_status(collection, holder, vma, &status);
    if (r == 0) {
        collection_set_status(collection, object, &status);
        object->identity.generation = status.btime ? status.btime : status.ctime;
        return;
    }
    if (object->fields[FIELD_SIZE].number < reach)
        object_set(object, FIELD_SIZE, reach);
    collection->failed |= r == -ENOMEM;
    object_deny(object, FIELD_USED);
    object_deny(object, FIELD_OWNER);
}
