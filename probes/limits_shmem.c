/*
 * limits_shmem.c - see limits_shmem.h. Shmem counts the pages of every tmpfs and of all memory that the
 * kernel backs by its internal one: System V segments, memfds, shared anonymous memory. Huge pages are not in
 * it.
 */
#include "probes/limits_shmem.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "common/scan.h"
#include "common/strbuf.h"
#include "probes/kernel.h"
#include "probes/kind.h"
#include "probes/limits.h"
#include "probes/parse.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <stdio.h>
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

/* Numbers of what was counted already: one file system may be mounted in several places. */
struct numbers {
    ARRAY(uint64_t) seen;
};

static uint64_t device_number(uint32_t major, uint32_t minor)
{
    return (uint64_t)major << 32 | minor;
}

static bool is_seen(const struct numbers *numbers, uint64_t number)
{
    array_each(&numbers->seen, seen)
    {
        if (*seen == number)
            return true;
    }
    return false;
}

static int remember(struct numbers *numbers, uint64_t number)
{
    uint64_t *slot = array_push(&numbers->seen);
    if (!slot)
        return -ENOMEM;
    *slot = number;
    return 0;
}

/* What has been counted, and of what. */
struct counting {
    struct kernel *kernel;
    struct limits *limits;
    struct numbers devices;
    struct numbers namespaces; /* of mounts, by inode */
};

/* `root` is where the namespace has its root, relative to ours. */
static int add_mount(struct counting *counting, const char *root, const struct mount_line *mount)
{
    const struct kernel_ops *ops = counting->kernel->ops;
    uint64_t device = device_number(mount->major, mount->minor);
    AUTO_STRBUF struct strbuf path = {0};
    struct file_status status;
    struct file_system system;
    if ((strcmp(mount->type, "tmpfs") != 0 && strcmp(mount->type, "devtmpfs") != 0) ||
        is_seen(&counting->devices, device))
        return 0;
    strbuf_add_string(&path, root);
    strbuf_add_string(&path, *root ? mount->point : mount->point[1] ? mount->point + 1 : ".");
    if (path.failed)
        return -ENOMEM;
    /* A later mount on the same point hides this one. */
    if (ops->stat(counting->kernel, path.text, &status) < 0 ||
        device_number(status.major, status.minor) != device ||
        ops->file_system(counting->kernel, path.text, &system) < 0)
        return 0;
    counting->limits->parts[PART_TMPFS].bytes += system.used;
    return remember(&counting->devices, device);
}

/* The mounts that a process sees, which is called as in /proc; what may not be read stays unexplained. */
static int add_mounts_of(struct counting *counting, const char *process, const char *root)
{
    AUTO_STRBUF struct strbuf text = {0};
    char path[64];
    int r = 0;
    snprintf(path, sizeof(path), "proc/%s/mountinfo", process);
    if (counting->kernel->ops->read(counting->kernel, path, &text) < 0)
        return 0;
    struct scan scan = scan_bytes(strbuf_text(&text), text.length), line;
    while (r == 0 && scan_line(&scan, &line)) {
        struct mount_line mount;
        if (parse_mount_line(line, &mount))
            r = add_mount(counting, root, &mount);
    }
    return r;
}

/* A mount namespace is looked at through the first process that is in it. */
static int add_namespace_of(struct counting *counting, const char *process)
{
    char path[64];
    AUTO_STRBUF struct strbuf link = {0};
    uint64_t number;
    snprintf(path, sizeof(path), "proc/%s/ns/mnt", process);
    if (counting->kernel->ops->link(counting->kernel, path, &link) < 0 ||
        !parse_bracketed(strbuf_text(&link), &number) || is_seen(&counting->namespaces, number))
        return 0;
    int r = remember(&counting->namespaces, number);
    if (r < 0 || strcmp(process, "self") == 0)
        return r;
    snprintf(path, sizeof(path), "proc/%s/root", process);
    return add_mounts_of(counting, process, path);
}

static int add_other_namespaces(struct counting *counting)
{
    AUTO_FREE pid_t *pids = NULL;
    size_t count = 0;
    int r = add_namespace_of(counting, "self");
    if (r == 0)
        r = counting->kernel->ops->pids(counting->kernel, &pids, &count);
    for (size_t i = 0; i < count && r == 0; i++) {
        char process[16];
        snprintf(process, sizeof(process), "%d", pids[i]);
        r = add_namespace_of(counting, process);
    }
    return r == -ENOMEM ? r : 0;
}

static int add_mounts(struct counting *counting, const struct snapshot *snapshot)
{
    int r = 0;
    for (size_t i = 0; i < snapshot->shm_mount_count && r == 0; i++)
        r = remember(&counting->devices,
                     device_number(snapshot->shm_mounts[i].major, snapshot->shm_mounts[i].minor));
    if (r == 0)
        r = add_mounts_of(counting, "self", "");
    if (r == 0 && snapshot->all_namespaces)
        r = add_other_namespaces(counting);
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
    struct counting counting = {.kernel = kernel, .limits = limits};
    uint64_t kibibytes;
    memcpy(limits->parts, parts, sizeof(parts));
    if (kernel->ops->read(kernel, "proc/meminfo", &text) < 0 ||
        !parse_number_after(strbuf_text(&text), "Shmem", 10, &kibibytes))
        return 0;
    limits->shmem_known = true;
    limits->shmem = kibibytes * 1024;
    for (size_t i = 0; i < snapshot->object_count; i++)
        add_object(limits, snapshot->objects[i]);
    int r = add_mounts(&counting, snapshot);
    array_free(&counting.devices.seen);
    array_free(&counting.namespaces.seen);
    compare_with_total(limits);
    return r;
}
