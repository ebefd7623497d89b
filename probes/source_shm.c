/*
 * source_shm.c - see source_shm.h. A file is told by device and inode: names lie, since a live file may be
 * called "x (deleted)", and sem_open() maps a semaphore under a temporary name before it links the real one.
 */
#include "probes/source_shm.h"

#include "common/strbuf.h"
#include "probes/source_file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char semaphore_prefix[] = "sem.";

struct walk_state {
    struct collection *collection;
    const struct shm_mount *mount;
};

static int offer_file(void *argument, const struct shm_file *file)
{
    struct walk_state *state = argument;
    struct collection *collection = state->collection;
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (collection->kinds & UINT64_C(1) << i && kinds[i]->claim_shm_file &&
            kinds[i]->claim_shm_file(collection, state->mount, file))
            break;
    return collection->failed ? -ENOMEM : 0;
}

uint64_t source_shm_kinds(void)
{
    uint64_t takers = 0;
    for (size_t i = 0; i < KIND_COUNT; i++)
        takers |= kinds[i]->claim_shm_file ? UINT64_C(1) << i : 0;
    return takers;
}

int source_shm_walk(struct collection *collection)
{
    if (!(collection->kinds & source_shm_kinds()))
        return 0;
    array_each(&collection->shm_mounts, mount)
    {
        struct walk_state state = {.collection = collection, .mount = mount};
        int r = collection->kernel->ops->shm_files(collection->kernel, mount->path, offer_file, &state);
        if (r == -ENOMEM)
            return r;
        if (r < 0)
            collection_gap(collection, "shm files", mount->path, -r);
    }
    return 0;
}

/* A name is a label as it is on our own first mount; a second mount or a container is named behind it. */
static const char *label_suffix(struct collection *collection, const struct shm_mount *mount)
{
    if (mount == collection->shm_mounts.items)
        return "";
    char *suffix = arena_format(&collection->snapshot->arena, "@%u:%u", mount->major, mount->minor);
    collection->failed |= !suffix;
    return suffix ? suffix : "";
}

bool shm_name_is_semaphore(const char *path)
{
    return strncmp(path, semaphore_prefix, strlen(semaphore_prefix)) == 0 && !strchr(path, '/');
}

struct object *shm_add_file(struct collection *collection, const struct kind *kind,
                            const struct shm_mount *mount, const struct shm_file *file, const char *name)
{
    struct object *object =
        file_object(collection, kind, &file->status, "/", name, label_suffix(collection, mount));
    AUTO_STRBUF struct strbuf text = {0};
    if (!object)
        return NULL;
    strbuf_add_format(&text, "/%s/%s", mount->path, file->path);
    collection_set_string(collection, object, FIELD_PATH, strbuf_text(&text), text.length);
    collection->failed |= text.failed;
    if (mount->container)
        collection_set_string(collection, object, FIELD_CONTAINER, mount->container,
                              strlen(mount->container));
    return object;
}

static void map_file_path(char *path, size_t room, const struct holder *holder, const struct vma *vma)
{
    snprintf(path, room, "proc/%d/map_files/%llx-%llx", holder->process.through,
             (unsigned long long)vma->start, (unsigned long long)vma->end);
}

/* Looks up what a brief mapping lacks. */
static int find_name(struct collection *collection, const struct holder *holder, struct vma *vma)
{
    char path[96];
    AUTO_STRBUF struct strbuf link = {0};
    if (!vma->brief)
        return 0;
    map_file_path(path, sizeof(path), holder, vma);
    int r = collection->kernel->ops->link(collection->kernel, path, &link);
    if (r < 0)
        return r;
    vma->name = arena_string(&collection->snapshot->arena, strbuf_text(&link));
    vma->brief = false;
    return vma->name ? 0 : -ENOMEM;
}

int shm_vma_status(struct collection *collection, const struct holder *holder, const struct vma *vma,
                   struct file_status *ret_status)
{
    char path[96];
    struct file_status status;
    map_file_path(path, sizeof(path), holder, vma);
    int r = collection->kernel->ops->stat(collection->kernel, path, &status);
    if (r < 0)
        return r;
    if (status.inode != vma->inode)
        return -ENOENT;
    *ret_status = status;
    return 0;
}

int shm_file_status(struct collection *collection, const struct holder *holder, const struct vma *vma,
                    struct file_status *ret_status)
{
    struct file_status status;
    int r = shm_vma_status(collection, holder, vma, ret_status);
    if (r == 0 || r == -ENOENT || r == -ESRCH || r == -ENOMEM)
        return r;
    r = collection->kernel->ops->stat(collection->kernel, vma->name + 1, &status);
    if (r == -ENOMEM)
        return r;
    if (r == 0 && status.inode == vma->inode) {
        *ret_status = status;
        return 0;
    }
    /* Nothing but the name is left to tell whether it still has one. */
    static const struct file_status unlinked = {.nlink = 0};
    *ret_status = (struct file_status){.nlink = file_name_length(vma->name, &unlinked) == strlen(vma->name),
                                       .inode = vma->inode,
                                       .major = vma->major,
                                       .minor = vma->minor,
                                       .mode = S_IFREG,

                                       .size = vma->end - vma->start + vma->offset};
    return 1;
}

void shm_deny_status(struct object *object)
{
    static const enum field unknown[] = {FIELD_USED,  FIELD_OWNER, FIELD_GROUP, FIELD_MODE,
                                         FIELD_ATIME, FIELD_MTIME, FIELD_CTIME};
    for (size_t i = 0; i < COUNT_OF(unknown); i++)
        object_deny(object, unknown[i]);
}

static const struct shm_mount *mount_of(const struct collection *collection, uint32_t major, uint32_t minor)
{
    array_each(&collection->shm_mounts,
               mount) if (mount->major == major && mount->minor == minor) return mount;
    return NULL;
}

/* The name below the mount point. */
static const char *name_below(const struct shm_mount *mount, const char *path)
{
    size_t prefix = strlen(mount->point);
    return strncmp(path, mount->point, prefix) == 0 && path[prefix] == '/' ? path + prefix + 1 : path + 1;
}

static struct object *add_unlisted(struct collection *collection, const struct kind *kind, bool semaphores,
                                   const struct shm_mount *mount, const char *path,
                                   const struct file_status *status)
{
    const char *name = name_below(mount, path);
    if (shm_name_is_semaphore(name) != semaphores)
        return NULL;
    if (semaphores)
        name += strlen(semaphore_prefix);
    return file_object(collection, kind, status, "/", name, label_suffix(collection, mount));
}

struct object *shm_claim_vma(struct collection *collection, const struct kind *kind, bool semaphores,
                             const struct holder *holder, const struct vma *vma)
{
    struct object *known = collection_find(collection, space_of_device(vma->major, vma->minor), vma->inode);
    if (known)
        return known->kind == kind ? known : NULL;
    const struct shm_mount *mount = mount_of(collection, vma->major, vma->minor);
    if (!mount)
        return NULL;
    struct file_status status;
    struct vma named = *vma;
    int r = find_name(collection, holder, &named);
    if (r == 0)
        r = shm_file_status(collection, holder, &named, &status);
    if (r < 0) {
        collection_process_error(collection, "map_files", r);
        return NULL;
    }
    struct object *object = add_unlisted(collection, kind, semaphores, mount, named.name, &status);
    if (object && r > 0)
        shm_deny_status(object);
    return object;
}

struct object *shm_claim_fd(struct collection *collection, const struct kind *kind, bool semaphores,
                            const struct holder *holder, struct fd *fd)
{
    const struct file_status *status = &fd->status;
    struct object *known = file_find(collection, status);
    if (known)
        return known->kind == kind ? known : NULL;
    const struct shm_mount *mount = mount_of(collection, status->major, status->minor);
    return mount && S_ISREG(status->mode) && collection_fd(collection, holder, fd)
               ? add_unlisted(collection, kind, semaphores, mount, fd->link, status)
               : NULL;
}
