/* source_namespaces.c - see source_namespaces.h. */
#include "probes/source_namespaces.h"

#include "common/cleanup.h"
#include "common/scan.h"
#include "common/strbuf.h"
#include "probes/collection.h"
#include "probes/parse.h"
#include "probes/process_describe.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static bool mount_is_known(const struct collection *collection, uint32_t major, uint32_t minor)
{
    array_each(&collection->shm_mounts,
               mount) if (mount->major == major && mount->minor == minor) return true;
    return false;
}

static int add_mount(struct collection *collection, const struct mount_line *line, pid_t pid,
                     const char *container)
{
    if (mount_is_known(collection, line->major, line->minor))
        return 0;
    struct arena *arena = &collection->snapshot->arena;
    const char *point = arena_string(arena, line->point);
    if (!point)
        return -ENOMEM;
    const char *path = pid ? arena_format(arena, "proc/%d/root%s", pid, point) : point + 1;
    if (!path)
        return -ENOMEM;
    /* A later mount on the same point hides this one. */
    struct file_status status;
    int r = collection->kernel->ops->stat(collection->kernel, path, &status);
    if (r == -ENOMEM)
        return r;
    if (r < 0 && r != -ENOENT && r != -ESRCH)
        collection_gap(collection, "shm files", path, -r);
    if (r < 0 || status.major != line->major || status.minor != line->minor)
        return 0;
    struct shm_mount *mount = array_push(&collection->shm_mounts);
    if (!mount)
        return -ENOMEM;
    *mount = (struct shm_mount){
        .path = path, .point = point, .container = container, .major = line->major, .minor = line->minor};
    return 0;
}

/* Every tmpfs that somebody's shm_open() could mean: mounted at /dev/shm, of this system or of a folder tree.
 */
static bool is_shm_mount(const struct mount_line *line)
{
    static const char point[] = "/dev/shm";
    size_t length = strlen(line->point), ending = strlen(point);
    return strcmp(line->type, "tmpfs") == 0 && length >= ending &&
           strcmp(line->point + length - ending, point) == 0;
}

static int add_mounts_of(struct collection *collection, pid_t pid, const char *container)
{
    char path[64];
    AUTO_STRBUF struct strbuf text = {0};
    if (pid)
        snprintf(path, sizeof(path), "proc/%d/mountinfo", pid);
    else
        snprintf(path, sizeof(path), "proc/self/mountinfo");
    int r = collection->kernel->ops->read(collection->kernel, path, &text);
    if (r == -ENOMEM)
        return r;
    if (r < 0 && pid)
        collection_process_error(collection, "mountinfo", r);
    else if (r < 0)
        collection_gap(collection, "mountinfo", path, -r);
    struct scan scan = scan_bytes(strbuf_text(&text), text.length), again = scan, line;
    struct mount_line mount;
    while (scan_line(&scan, &line)) {
        if (!parse_mount_line(line, &mount) || !is_shm_mount(&mount))
            continue;
        r = add_mount(collection, &mount, pid, container);
        if (r < 0)
            return r;
    }
    while (!collection->shm_elsewhere && scan_line(&again, &line))
        collection->shm_elsewhere = parse_mount_line(line, &mount) && !is_shm_mount(&mount) &&
                                    mount_is_known(collection, mount.major, mount.minor);
    return 0;
}

/*
 * Our own /dev/shm comes first, since its objects are named without a suffix, and be it no mount at all: a
 * plain folder, as in some chroots, still holds what shm_open() made.
 */
static int add_own_folder(struct collection *collection)
{
    struct file_status status;
    AUTO_STRBUF struct strbuf target = {0};
    int r = collection->kernel->ops->stat(collection->kernel, "dev/shm", &status);
    if (r < 0 && r != -ENOENT && r != -ENOMEM)
        collection_gap(collection, "shm files", "/dev/shm", -r);
    if (r < 0)
        return r == -ENOMEM ? r : 0;
    struct mount_line line = {.major = status.major, .minor = status.minor, .point = "/dev/shm"};
    /* Some systems have it at /run/shm, and a link to that. Processes map what is there by its own path. */
    r = collection->kernel->ops->link(collection->kernel, "dev/shm", &target);
    if (r == -ENOMEM)
        return r;
    if (r == 0 && *strbuf_text(&target) == '/' && target.length < sizeof(line.point))
        memcpy(line.point, target.text, target.length + 1);
    return add_mount(collection, &line, 0, NULL);
}

static int add_view(struct collection *collection, uint64_t number, pid_t pid)
{
    array_each(&collection->ipc_views, view) if (view->number == number) return 0;
    struct ipc_view *view = array_push(&collection->ipc_views);
    if (!view)
        return -ENOMEM;
    *view = (struct ipc_view){.number = number, .pid = pid};
    return 0;
}

static int add_process(struct collection *collection, struct hash *mount_namespaces, pid_t pid)
{
    struct process process;
    uint32_t seen;
    struct arena *arena = &collection->snapshot->arena;
    int r = process_describe(collection->kernel, NEED_COMMANDS, &collection->clock, arena, pid, &process);
    if (r < 0) {
        collection_process_error(collection, "stat", r);
        return collection->failed ? -ENOMEM : 0;
    }
    collection_process_error(collection, "description", -process.description_error);
    collection_process_error(collection, "namespaces", -process.namespace_error);
    if (!process.ipc_namespace || !process.mount_namespace)
        return collection->failed ? -ENOMEM : 0;
    r = add_view(collection, process.ipc_namespace, process.through);
    if (r < 0 || hash_get(mount_namespaces, 0, process.mount_namespace, &seen))
        return r;
    r = hash_put(mount_namespaces, 0, process.mount_namespace, 1);
    const char *container = arena_copy(arena, process.container.string, process.container.length);
    if (r < 0 || !container)
        return -ENOMEM;
    return add_mounts_of(collection, process.through, *container ? container : NULL);
}

int source_namespaces_find(struct collection *collection)
{
    AUTO_FREE pid_t *pids = NULL;
    size_t count = 0;
    int r = add_view(collection, collection->kernel->ipc_namespace, 0);
    if (r == 0)
        r = add_own_folder(collection);
    if (r == 0)
        r = add_mounts_of(collection, 0, NULL);
    if (r < 0 || !collection->request->all_namespaces)
        return r;
    r = collection->kernel->ops->pids(collection->kernel, &pids, &count);
    struct hash mount_namespaces = {0};
    for (size_t i = 0; i < count && r == 0; i++)
        r = add_process(collection, &mount_namespaces, pids[i]);
    hash_free(&mount_namespaces);
    return r;
}

int source_namespaces_each(struct collection *collection, const char *source, const char *place,
                           ipc_look_fn *look, void *argument)
{
    const struct kernel_ops *ops = collection->kernel->ops;
    array_each(&collection->ipc_views, view)
    {
        int r = view->pid ? ops->enter_ipc(collection->kernel, view->pid) : 0;
        bool entered = view->pid && r == 0;
        if (r == 0)
            r = look(collection, view, argument);
        if (entered && ops->enter_ipc(collection->kernel, 0) < 0)
            return -EIO;
        if (r == -ENOMEM)
            return r;
        if (r < 0 && r != -ENOENT)
            collection_gap(collection, source, place, -r);
        else if (r < 0 && !view->pid)
            collection_gap(collection, source, place, ENOSYS);
    }
    return 0;
}
