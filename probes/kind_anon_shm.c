/*
 * kind_anon_shm.c - MAP_SHARED | MAP_ANONYMOUS memory, which the kernel backs by a file it calls /dev/zero
 * (shmem_zero_setup()), or /anon_hugepage (HUGETLB_ANON_FILE). What only one process maps is shared with
 * nobody: it is counted, but not listed.
 */
#include "probes/source_memory.h"

#include "common/cleanup.h"

#include <errno.h>

static struct object *claim_vma(struct collection *collection, const struct holder *holder,
                                const struct vma *vma)
{
    bool new;
    struct object *object =
        memory_object(collection, &kind_anon_shm, SPACE_ANON, vma->major, vma->minor, vma->inode, &new);
    if (!object)
        return NULL;
    if (new)
        object->hidden = true;
    memory_set_from_vma(collection, object, holder, vma);
    return object;
}

static int show_the_shared(struct collection *collection)
{
    AUTO_FREE uint32_t *first = calloc(collection->objects.count + 1, sizeof(*first));
    if (!first)
        return -ENOMEM;
    array_each(&collection->edges, edge)
    {
        struct object *object = collection->objects.items[edge->object];
        if (object->kind != &kind_anon_shm)
            continue;
        if (first[edge->object] && first[edge->object] != edge->process + 1)
            object->hidden = false;
        first[edge->object] = edge->process + 1;
    }
    return 0;
}

const struct kind kind_anon_shm = {
    .name = "anon-shm",
    .summary = "anonymous memory shared by several processes",
    .always = NEED_USERS,
    .vmas = VMA_ZERO,
    .claim_vma = claim_vma,
    .finish = show_the_shared,
};
