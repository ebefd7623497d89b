/* collection.c - see collection.h. */
#include "probes/collection.h"

#include "common/escape.h"
#include "common/strbuf.h"
#include "probes/process_describe.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

uint64_t space_of_ipc(enum space space, uint64_t ipc_namespace)
{
    return (uint64_t)space << 40 | ipc_namespace;
}

uint64_t space_of_device(uint32_t major, uint32_t minor)
{
    return UINT64_C(1) << 63 | (uint64_t)major << 32 | minor;
}

static const char *make_label(struct collection *collection, const struct kind *kind, const char *format,
                              va_list arguments)
{
    AUTO_STRBUF struct strbuf label = {0};
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    strbuf_add_format(&label, "%s:", kind->name);
    char *end = length < 0 ? NULL : strbuf_reserve(&label, (size_t)length);
    if (end)
        vsnprintf(end, (size_t)length + 1, format, again);
    va_end(again);
    return end ? arena_string(&collection->snapshot->arena, label.text) : NULL;
}

struct object *collection_add(struct collection *collection, const struct kind *kind,
                              struct identity identity, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *label = make_label(collection, kind, format, arguments);
    va_end(arguments);

    struct object *object = arena_alloc(&collection->snapshot->arena, sizeof(*object));
    if (!label || !object ||
        hash_put(&collection->by_identity, identity.space, identity.number,
                 (uint32_t)collection->objects.count) < 0) {
        collection->failed = true;
        return NULL;
    }
    struct object **slot = array_push(&collection->objects);
    if (!slot) {
        collection->failed = true;
        return NULL;
    }
    object->kind = kind;
    object->identity = identity;
    object->label = label;
    object->index = (uint32_t)(collection->objects.count - 1);
    object_set_word(object, FIELD_STATE, "live");
    return *slot = object;
}

struct object *collection_find(const struct collection *collection, uint64_t space, uint64_t number)
{
    uint32_t index;
    return hash_get(&collection->by_identity, space, number, &index) ? collection->objects.items[index]
                                                                     : NULL;
}

void collection_set_string(struct collection *collection, struct object *object, enum field field,
                           const char *bytes, size_t length)
{
    char *copy = arena_copy(&collection->snapshot->arena, bytes, length);
    collection->failed |= !copy;
    object->fields[field] = value_string(copy, length);
}

void collection_set_status(struct collection *collection, struct object *object,
                           const struct file_status *status)
{
    char device[24];
    int length = snprintf(device, sizeof(device), "%u:%u", status->major, status->minor);
    collection_set_string(collection, object, FIELD_DEVICE, device, (size_t)length);
    object_set(object, FIELD_INODE, status->inode);
    object_set(object, FIELD_SIZE, status->size);
    object_set(object, FIELD_USED, status->used);
    object_set(object, FIELD_OWNER, status->uid);
    object_set(object, FIELD_GROUP, status->gid);
    object_set(object, FIELD_MODE, status->mode & 07777);
    object_set(object, FIELD_ATIME, status->atime);
    object_set(object, FIELD_MTIME, status->mtime);
    object_set(object, FIELD_CTIME, status->ctime);
    if (status->btime)
        object_set(object, FIELD_BTIME, status->btime);
}

const char *collection_escape(struct collection *collection, const char *bytes, size_t length,
                              const char *also)
{
    AUTO_STRBUF struct strbuf escaped = {0};
    escape_bytes(&escaped, bytes, length, also);
    char *copy = escaped.failed ? NULL : arena_string(&collection->snapshot->arena, strbuf_text(&escaped));
    collection->failed |= !copy;
    return copy ? copy : "";
}

void collection_gap(struct collection *collection, const char *source, const char *place, int error)
{
    struct coverage *gap = array_push(&collection->coverage);
    if (!gap) {
        collection->failed = true;
        return;
    }
    *gap = (struct coverage){.source = source, .error = error, .kinds = collection->looking_for};
    gap->place = place ? collection_escape(collection, place, strlen(place), NULL) : NULL;
}

void collection_process_gap(struct collection *collection, const char *source, int error)
{
    array_each(&collection->coverage, gap)
    {
        if (!gap->place && gap->error == error && strcmp(gap->source, source) == 0) {
            gap->processes++;
            gap->kinds |= collection->looking_for;
            return;
        }
    }
    collection_gap(collection, source, NULL, error);
    if (collection->coverage.count)
        collection->coverage.items[collection->coverage.count - 1].processes = 1;
}

void collection_process_error(struct collection *collection, const char *source, int error)
{
    if (error == -ENOMEM)
        collection->failed = true;
    else if (error < 0 && error != -ENOENT && error != -ESRCH)
        collection_process_gap(collection, source, -error);
}

static void keep_string(struct collection *collection, struct value *value)
{
    if (value->type != VALUE_STRING)
        return;
    value->string = arena_copy(&collection->snapshot->arena, value->string, value->length);
    collection->failed |= !value->string;
}

static bool keep_process(struct collection *collection, struct holder *holder)
{
    if (hash_get(&collection->by_pid, 0, (uint64_t)holder->process.pid, &holder->index))
        return true;
    struct process *process = array_push(&collection->processes);
    if (!process)
        return false;
    *process = holder->process;
    keep_string(collection, &process->comm);
    keep_string(collection, &process->command);
    keep_string(collection, &process->container);
    holder->index = (uint32_t)(collection->processes.count - 1);
    return hash_put(&collection->by_pid, 0, (uint64_t)process->pid, holder->index) == 0;
}

struct edge *collection_tie(struct collection *collection, struct holder *holder, const struct object *object,
                            enum edge_role role)
{
    struct edge *edge = NULL;
    if (holder->index != NO_PROCESS || keep_process(collection, holder))
        edge = array_push(&collection->edges);
    if (!edge) {
        collection->failed = true;
        return NULL;
    }
    *edge = (struct edge){.object = object->index,
                          .process = holder->index,
                          .role = (uint8_t)role,
                          .fd = -1,
                          .count = 1,
                          .unit = -1};
    return edge;
}

struct edge *collection_tie_pid(struct collection *collection, pid_t pid, const struct object *object,
                                enum edge_role role)
{
    struct holder holder = {.index = NO_PROCESS};
    if (hash_get(&collection->by_pid, 0, (uint64_t)pid, &holder.index))
        return collection_tie(collection, &holder, object, role);
    int r = process_describe(collection->kernel, collection->request->needs, &collection->clock,
                             &collection->snapshot->arena, pid, &holder.process);
    if (r < 0) {
        collection_process_error(collection, "stat", r);
        return NULL;
    }
    collection_process_error(collection, "description", -holder.process.description_error);
    collection_process_error(collection, "namespaces", -holder.process.namespace_error);
    return collection_tie(collection, &holder, object, role);
}

const struct fd *holder_fd(const struct holder *holder, uint64_t number)
{
    array_each(&holder->fds, fd) if ((uint64_t)fd->fd == number) return fd;
    return NULL;
}

bool collection_fd(struct collection *collection, const struct holder *holder, struct fd *fd)
{
    char path[64];
    AUTO_STRBUF struct strbuf link = {0};
    struct kernel *kernel = collection->kernel;
    struct file_status status;
    if (!fd->brief)
        return true;
    snprintf(path, sizeof(path), "proc/%d/fd/%d", holder->process.through, fd->fd);
    int r = kernel->ops->link(kernel, path, &link);
    if (r == 0)
        r = kernel->ops->stat(kernel, path, &status);
    if (r < 0)
        collection_process_error(collection, "fd", r);
    if (r < 0 || status.inode != fd->status.inode || status.major != fd->status.major ||
        status.minor != fd->status.minor)
        return false;
    fd->link = arena_string(&collection->snapshot->arena, strbuf_text(&link));
    fd->status = status;
    fd->brief = false;
    collection->failed |= !fd->link;
    return fd->link != NULL;
}

const struct vma *holder_vma(const struct holder *holder, uint64_t address)
{
    array_each(&holder->vmas, vma) if (address >= vma->start && address < vma->end) return vma;
    return NULL;
}
