/*
 * limits_shmem.c - see limits_shmem.h. Shmem counts the pages of every tmpfs and of all memory that the
 * kernel backs by its internal one: System V segments, memfds, shared anonymous memory. Huge pages are not in
 * it.
 */
#include "probes/limits_shmem.h"

#include "common/array.h"
#include "common/scan.h"
#include "common/strbuf.h"
#include "probes/kernel.h"
#include "probes/kind.h"
#include "probes/limits.h"
#include "probes/parse.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <string.h>

enum part {
    PART_POSIX,
    PART_SYSV,
    PART_MEMFD,
    PART_ANON,
    PART_DELETED,
    PART_TMPFS,
    PART_UNEXPLAINED,
};

static const struct shmem_part parts[SHMEM_PARTS] = {
    [PART_POSIX] = {"posix",       "POSIX shared memory and semaphores",                             0},
    [PART_SYSV] = {"sysv",        "System V segments",                                              0},
    [PART_MEMFD] = {"memfd",       "memory files of memfd_create(2)",                                0},
    [PART_ANON] = {"anon",        "shared anonymous memory",                                        0},
    [PART_DELETED] = {"deleted",     "deleted, but still held",                                        0},
    [PART_TMPFS] = {"tmpfs",       "other tmpfs mounts",                                             0},
    [PART_UNEXPLAINED] = {"unexplained", "not seen: other namespaces, hidden processes, the kernel's own", 0},
};

static const struct {
    const struct kind *kind;
    enum part part;
    enum field bytes;
} kind_parts[] = {
    {&kind_posix_shm, PART_POSIX, FIELD_USED},
    {&kind_posix_sem, PART_POSIX, FIELD_USED},
    {&kind_sysv_shm,  PART_SYSV,  FIELD_RSS },
    {&kind_memfd,     PART_MEMFD, FIELD_USED},
    {&kind_anon_shm,  PART_ANON,  FIELD_USED},
};

/* The kernel's internal tmpfs is its first device without a disk; a memfd elsewhere has huge pages. */
static bool is_huge(const struct object *object)
{
    static const char internal[] = "0:1";
    struct value device = object->fields[FIELD_DEVICE];
    return object->kind == &kind_memfd && value_known(device) &&
           (device.length != strlen(internal) || memcmp(device.string, internal, device.length) != 0);
}

static bool is_deleted(const struct object *object)
{
    struct value state = object->fields[FIELD_STATE];
    return object->kind != &kind_memfd && object->kind != &kind_anon_shm && value_known(state) &&
           (strcmp(state.string, "deleted") == 0 || strcmp(state.string, "removed") == 0);
}

static void add_object(struct limits *limits, const struct object *object)
{
    for (size_t i = 0; i < COUNT_OF(kind_parts); i++) {
        struct value bytes = object->fields[kind_parts[i].bytes];
        if (object->kind != kind_parts[i].kind || !value_known(bytes) || is_huge(object))
            continue;
        limits->parts[is_deleted(object) ? PART_DELETED : kind_parts[i].part].bytes += bytes.number;
    }
}

/* Device numbers of mounts counted already: one file system may be mounted in several places. */
struct devices {
    ARRAY(uint64_t) seen;
};

static uint64_t device_number(uint32_t major, uint32_t minor)
{
    return (uint64_t)major << 32 | minor;
}

static bool is_seen(const struct devices *devices, uint64_t device)
{
    array_each(&devices->seen, seen)
    {
        if (*seen == device)
            return true;
    }
    return false;
}

static int remember(struct devices *devices, uint64_t device)
{
    uint64_t *slot = array_push(&devices->seen);
    if (!slot)
        return -ENOMEM;
    *slot = device;
    return 0;
}

static int add_mount(struct kernel *kernel, struct limits *limits, struct devices *devices,
                     const struct mount_line *mount)
{
    uint64_t device = device_number(mount->major, mount->minor);
    const char *path = mount->point[1] ? mount->point + 1 : ".";
    struct file_status status;
    struct file_system system;
    if ((strcmp(mount->type, "tmpfs") != 0 && strcmp(mount->type, "devtmpfs") != 0) ||
        is_seen(devices, device))
        return 0;
    /* A later mount on the same point hides this one. */
    if (kernel->ops->stat(kernel, path, &status) < 0 || device_number(status.major, status.minor) != device ||
        kernel->ops->file_system(kernel, path, &system) < 0)
        return 0;
    limits->parts[PART_TMPFS].bytes += system.used;
    return remember(devices, device);
}

static int add_mounts(struct kernel *kernel, const struct snapshot *snapshot, struct limits *limits,
                      struct devices *devices)
{
    AUTO_STRBUF struct strbuf text = {0};
    int r = 0;
    for (size_t i = 0; i < snapshot->shm_mount_count && r == 0; i++)
        r = remember(devices, device_number(snapshot->shm_mounts[i].major, snapshot->shm_mounts[i].minor));
    if (r < 0 || kernel->ops->read(kernel, "proc/self/mountinfo", &text) < 0)
        return r;
    struct scan scan = scan_bytes(strbuf_text(&text), text.length), line;
    while (r == 0 && scan_line(&scan, &line)) {
        struct mount_line mount;
        if (parse_mount_line(line, &mount))
            r = add_mount(kernel, limits, devices, &mount);
    }
    return r;
}

static void compare_with_total(struct limits *limits)
{
    uint64_t found = 0;
    for (size_t i = 0; i < PART_UNEXPLAINED; i++)
        found += limits->parts[i].bytes;
    if (found > limits->shmem)
        limits->excess = found - limits->shmem;
    else
        limits->parts[PART_UNEXPLAINED].bytes = limits->shmem - found;
}

int limits_explain_shmem(struct kernel *kernel, const struct snapshot *snapshot, struct limits *limits)
{
    AUTO_STRBUF struct strbuf text = {0};
    struct devices devices = {0};
    uint64_t kibibytes;
    memcpy(limits->parts, parts, sizeof(parts));
    if (kernel->ops->read(kernel, "proc/meminfo", &text) < 0 ||
        !parse_number_after(strbuf_text(&text), "Shmem", 10, &kibibytes))
        return 0;
    limits->shmem_known = true;
    limits->shmem = kibibytes * 1024;
    for (size_t i = 0; i < snapshot->object_count; i++)
        add_object(limits, snapshot->objects[i]);
    int r = add_mounts(kernel, snapshot, limits, &devices);
    array_free(&devices.seen);
    compare_with_total(limits);
    return r;
}
