/*
 * peek_memory.c - see peek_memory.h. Bytes come from the file behind the memory where it can be opened: by
 * its path, a process's descriptor or a mapping in map_files. Otherwise they come out of the memory of a
 * process that maps it, but only pages that are there: to touch others would make them. Nothing is ever
 * attached: shmat() sets times and pids, and may be the end of the segment (shm_rmid_forced).
 */
#include "probes/peek_memory.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "common/scan.h"
#include "probes/kernel.h"
#include "probes/kind.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024, PATH_ROOM = 4200 };

/* A mapping of the object. */
struct place {
    pid_t pid;
    struct vma vma;
};

struct reader {
    struct kernel *kernel;
    const struct snapshot *snapshot;
    const struct object *object;
    struct file_status same; /* device and inode, where `device_known` */
    bool device_known;
    ARRAY(struct place) places;
    pid_t pid;            /* whose mappings are being looked at */
    char path[PATH_ROOM]; /* of the file to read from; "" to read from processes */
    uint64_t page;
};

static const struct {
    const struct kind *kind;
    unsigned vma_class;
} classes[] = {
    {&kind_sysv_shm,  VMA_SYSV },
    {&kind_posix_shm, VMA_FILE },
    {&kind_posix_sem, VMA_FILE },
    {&kind_memfd,     VMA_MEMFD},
    {&kind_anon_shm,  VMA_ZERO },
    {&kind_file_shm,  VMA_FILE },
};

static unsigned class_of(const struct kind *kind)
{
    for (size_t i = 0; i < COUNT_OF(classes); i++)
        if (classes[i].kind == kind)
            return classes[i].vma_class;
    return 0;
}

/* The inode of a segment is its id: newseg() in ipc/shm.c. */
static void identify(struct reader *reader)
{
    const struct value *fields = reader->object->fields;
    struct value device = fields[FIELD_DEVICE];
    uint64_t major, minor;
    reader->same.inode =
        reader->object->kind == &kind_sysv_shm ? fields[FIELD_ID].number : fields[FIELD_INODE].number;
    if (!value_known(device))
        return;
    struct scan scan = scan_bytes(device.string, device.length);
    if (!scan_decimal(&scan, &major) || !scan_char(&scan, ':') || !scan_decimal(&scan, &minor))
        return;
    reader->same.major = (uint32_t)major;
    reader->same.minor = (uint32_t)minor;
    reader->device_known = true;
}

static bool is_ours(const struct reader *reader, const struct vma *vma)
{
    return vma->inode == reader->same.inode &&
           (!reader->device_known || (vma->major == reader->same.major && vma->minor == reader->same.minor));
}

static int see_vma(void *argument, const struct vma *vma)
{
    struct reader *reader = argument;
    if (!is_ours(reader, vma))
        return 0;
    struct place *place = array_push(&reader->places);
    if (!place)
        return -ENOMEM;
    *place = (struct place){.pid = reader->pid, .vma = *vma};
    place->vma.name = NULL;
    return 0;
}

static int find_places(struct reader *reader)
{
    size_t count;
    const struct edge *edges = snapshot_edges(reader->snapshot, reader->object, &count);
    for (size_t i = 0; i < count; i++) {
        if (edges[i].role != EDGE_MAPPED)
            continue;
        reader->pid = reader->snapshot->processes[edges[i].process].through;
        int r = reader->kernel->ops->vmas(reader->kernel, reader->pid, class_of(reader->object->kind),
                                          see_vma, reader);
        if (r == -ENOMEM)
            return r;
    }
    return 0;
}

static bool path_works(struct reader *reader, const struct file_status *same)
{
    unsigned char byte;
    size_t got;
    if (reader->kernel->ops->file_bytes(reader->kernel, reader->path, same, 0, &byte, 1, &got) == 0) {
        reader->same = *same;
        return true;
    }
    reader->path[0] = '\0';
    return false;
}

static bool try_path(struct reader *reader)
{
    struct value path = reader->object->fields[FIELD_PATH];
    if (!value_known(path) || path.length < 2 || path.length >= PATH_ROOM || !reader->device_known)
        return false;
    snprintf(reader->path, PATH_ROOM, "%.*s", (int)path.length - 1, path.string + 1);
    return path_works(reader, &reader->same);
}

static bool try_descriptors(struct reader *reader)
{
    size_t count;
    const struct edge *edges = snapshot_edges(reader->snapshot, reader->object, &count);
    for (size_t i = 0; i < count && reader->device_known; i++) {
        if (edges[i].role != EDGE_OPEN)
            continue;
        snprintf(reader->path, PATH_ROOM, "proc/%d/fd/%d",
                 reader->snapshot->processes[edges[i].process].through, edges[i].fd);
        if (path_works(reader, &reader->same))
            return true;
    }
    return false;
}

static bool try_mappings(struct reader *reader)
{
    array_each(&reader->places, place)
    {
        struct file_status same = {
            .inode = place->vma.inode, .major = place->vma.major, .minor = place->vma.minor};
        snprintf(reader->path, PATH_ROOM, "proc/%d/map_files/%llx-%llx", place->pid,
                 (unsigned long long)place->vma.start, (unsigned long long)place->vma.end);
        if (path_works(reader, &same))
            return true;
    }
    return false;
}

/* An object without holes has no page that could be made by reading it. */
static bool has_no_holes(const struct object *object)
{
    struct value used = object->fields[FIELD_USED], size = object->fields[FIELD_SIZE];
    return value_known(used) && used.number >= size.number;
}

/* One page out of whichever process has it in memory. */
static bool read_page(const struct reader *reader, uint64_t offset, void *buffer, size_t length)
{
    const struct kernel_ops *ops = reader->kernel->ops;
    array_each(&reader->places, place)
    {
        const struct vma *vma = &place->vma;
        uint64_t address = vma->start + (offset - vma->offset);
        bool resident = has_no_holes(reader->object);
        if (offset < vma->offset || address >= vma->end || !(vma->access & EDGE_READ))
            continue;
        if (!resident && ops->resident(reader->kernel, place->pid, address, &resident) < 0)
            continue;
        if (resident && ops->memory(reader->kernel, place->pid, address, buffer, length) == 0)
            return true;
    }
    return false;
}

/* Pages one by one; a part for each, since the next one may be missing. */
static int see_pages(const struct reader *reader, uint64_t offset, uint64_t end, peek_see *see,
                     void *argument)
{
    AUTO_FREE unsigned char *buffer = malloc(reader->page);
    if (!buffer)
        return -ENOMEM;
    int r = 0;
    while (offset < end && r == 0) {
        uint64_t step = reader->page - offset % reader->page;
        step = step < end - offset ? step : end - offset;
        bool there = read_page(reader, offset, buffer, (size_t)step);
        struct peek_part part = {.offset = offset,
                                 .length = (size_t)step,
                                 .bytes = there ? buffer : NULL,
                                 .size = reader->object->fields[FIELD_SIZE].number};
        r = see(argument, &part);
        offset += step;
    }
    return r;
}

static int see_file(const struct reader *reader, uint64_t offset, uint64_t end, peek_see *see, void *argument)
{
    AUTO_FREE unsigned char *buffer = malloc(CHUNK);
    if (!buffer)
        return -ENOMEM;
    int r = 0;
    while (offset < end && r == 0) {
        size_t room = end - offset < CHUNK ? (size_t)(end - offset) : CHUNK;
        struct peek_part part = {
            .offset = offset, .bytes = buffer, .size = reader->object->fields[FIELD_SIZE].number};
        r = reader->kernel->ops->file_bytes(reader->kernel, reader->path, &reader->same, offset, buffer, room,
                                            &part.length);
        if (r < 0 || !part.length)
            break;
        r = see(argument, &part);
        offset += part.length;
    }
    return r;
}

static int peek_with(struct reader *reader, const struct peek_range *range, peek_see *see, void *argument,
                     const char **ret_why)
{
    uint64_t size = reader->object->fields[FIELD_SIZE].number, end = size;
    int r = find_places(reader);
    if (r < 0)
        return r;
    if (range->offset >= size)
        return 0;
    if (range->length < size - range->offset)
        end = range->offset + range->length;
    if (try_path(reader) || try_descriptors(reader) || try_mappings(reader))
        return see_file(reader, range->offset, end, see, argument);
    if (reader->places.count)
        return see_pages(reader, range->offset, end, see, argument);
    *ret_why = reader->object->kind == &kind_sysv_shm
                   ? "no process that could be asked is attached, and to attach would change its times"
                   : "neither its file nor a process that maps it may be read";
    return -ENOTSUP;
}

int peek_memory(struct kernel *kernel, const struct snapshot *snapshot, const struct object *object,
                const struct peek_range *range, peek_see *see, void *argument, const char **ret_why)
{
    struct reader reader = {
        .kernel = kernel, .snapshot = snapshot, .object = object, .page = (uint64_t)sysconf(_SC_PAGESIZE)};
    identify(&reader);
    int r = peek_with(&reader, range, see, argument, ret_why);
    array_free(&reader.places);
    return r;
}
