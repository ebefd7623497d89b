/*
 * live_vmas.c - shared mappings of a process, from the list of all tasks if there is one. Otherwise
 * PROCMAP_QUERY (linux 6.11) hands over only the shared ones and costs a quarter of reading the text;
 * /proc/PID/maps serves everywhere else, with the same result.
 */
#include "common/cleanup.h"
#include "common/scan.h"
#include "probes/edge.h"
#include "probes/kernel_live.h"
#include "probes/live_tasks.h"
#include "probes/parse.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/ioctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* From linux/fs.h of 6.11; older headers lack it. */
struct procmap_query_abi {
    uint64_t size;
    uint64_t query_flags;
    uint64_t query_addr;
    uint64_t vma_start, vma_end;
    uint64_t vma_flags;
    uint64_t vma_page_size;
    uint64_t vma_offset;
    uint64_t inode;
    uint32_t dev_major, dev_minor;
    uint32_t vma_name_size;
    uint32_t build_id_size;
    uint64_t vma_name_addr;
    uint64_t build_id_addr;
};

enum {
    QUERY_READABLE = 1,
    QUERY_WRITABLE = 2,
    QUERY_EXECUTABLE = 4,
    QUERY_SHARED = 8,
    QUERY_COVERING_OR_NEXT = 16,
    QUERY_FILE_BACKED = 32,
};

#define PROCMAP_QUERY_IOCTL _IOWR('f', 17, struct procmap_query_abi)

/* PROCMAP_QUERY tells no longer name, so the text is held to the same; see d_path() for " (deleted)". */
enum { NAME_ROOM = PATH_MAX, LINE_ROOM = 4 * PATH_MAX + 256 };

static int open_maps(int proc, pid_t pid)
{
    char path[32];
    snprintf(path, sizeof(path), "%d/maps", pid);
    int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

bool live_has_procmap_query(int proc)
{
    AUTO_CLOSE int fd = openat(proc, "self/maps", O_RDONLY | O_CLOEXEC);
    struct procmap_query_abi query = {.size = sizeof(query), .query_flags = QUERY_COVERING_OR_NEXT};
    return fd >= 0 && ioctl(fd, PROCMAP_QUERY_IOCTL, &query) == 0;
}

static uint8_t access_of_flags(uint64_t flags)
{
    return (uint8_t)((flags & QUERY_READABLE ? EDGE_READ : 0) | (flags & QUERY_WRITABLE ? EDGE_WRITE : 0) |
                     (flags & QUERY_EXECUTABLE ? EDGE_EXECUTE : 0));
}

static int query_vmas(const struct live *live, int fd, unsigned classes,
                      int (*see)(void *argument, const struct vma *vma), void *argument)
{
    char name[NAME_ROOM];
    int missed = 0;
    bool nameless = false; /* the mapping at `address` has too long a name */
    for (uint64_t address = 0;;) {
        struct procmap_query_abi query = {
            .size = sizeof(query),
            .query_flags = QUERY_COVERING_OR_NEXT | QUERY_FILE_BACKED | QUERY_SHARED,
            .query_addr = address,
            .vma_name_size = nameless ? 0 : sizeof(name),
            .vma_name_addr = nameless ? 0 : (uint64_t)(uintptr_t)name,
        };
        name[0] = '\0';
        if (ioctl(fd, PROCMAP_QUERY_IOCTL, &query) < 0) {
            if (errno == ENAMETOOLONG && !nameless) {
                missed = -ENAMETOOLONG;
                nameless = true;
                continue;
            }
            return errno == ENOENT || errno == ESRCH ? missed : -errno;
        }
        nameless = false;
        name[sizeof(name) - 1] = '\0';
        struct vma vma = {
            .start = query.vma_start,
            .end = query.vma_end,
            .offset = query.vma_offset,
            .inode = query.inode,
            .major = query.dev_major,
            .minor = query.dev_minor,
            .access = access_of_flags(query.vma_flags),
            .name = name,
        };
        vma.vma_class = (uint8_t)live_vma_class(live, &vma);
        int r = vma_wanted(&vma, classes) ? see(argument, &vma) : 0;
        if (r < 0)
            return r;
        if (query.vma_end <= address)
            return missed;
        address = query.vma_end;
    }
}

static int see_line(const struct live *live, struct scan line, unsigned classes,
                    int (*see)(void *argument, const struct vma *vma), void *argument)
{
    struct vma vma;
    const char *text;
    size_t length;
    char name[LINE_ROOM];
    if (!parse_maps_line(line, &vma, &text, &length))
        return 0;
    parse_maps_name(text, length, name);
    if (strlen(name) >= NAME_ROOM)
        return -ENAMETOOLONG;
    vma.name = name;
    vma.vma_class = (uint8_t)live_vma_class(live, &vma);
    return vma_wanted(&vma, classes) ? see(argument, &vma) : 0;
}

/* The file is larger than any buffer: whole lines are taken as they come, a partial one waits for its rest.
 */
static int text_vmas(const struct live *live, int fd, unsigned classes,
                     int (*see)(void *argument, const struct vma *vma), void *argument)
{
    char buffer[LINE_ROOM];
    size_t held = 0;
    int missed = 0;
    bool skipping = false; /* the rest of a line that is too long to be held */
    for (;;) {
        ssize_t got = read(fd, buffer + held, sizeof(buffer) - held);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return errno == ESRCH ? missed : -errno;
        if (got == 0)
            return missed;
        struct scan scan = scan_bytes(buffer, held + (size_t)got), line;
        while (memchr(scan.at, '\n', (size_t)(scan.end - scan.at)) && scan_line(&scan, &line)) {
            int r = skipping ? -ENAMETOOLONG : see_line(live, line, classes, see, argument);
            missed = r == -ENAMETOOLONG ? r : missed;
            skipping = false;
            if (r < 0 && r != -ENAMETOOLONG)
                return r;
        }
        held = (size_t)(scan.end - scan.at);
        skipping |= held == sizeof(buffer);
        held = skipping ? 0 : held;
        memmove(buffer, scan.at, held);
    }
}

/* As d_path() has it: memory files have no place. */
static void name_listed(const struct live *live, const char *name, char *text, size_t room, struct vma *vma)
{
    bool memory = name && live_is_memory(live, vma->major, vma->minor);
    text[0] = '\0';
    if (memory)
        snprintf(text, room, "/%s (deleted)", name);
    vma->name = text;
    vma->brief = !memory;
    vma->vma_class = memory ? (uint8_t)live_vma_class(live, vma) : VMA_FILE;
}

static int listed_vmas(const struct live *live, struct live_task_records *listed, unsigned classes,
                       int (*see)(void *argument, const struct vma *vma), void *argument)
{
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    struct vma_record record;
    const char *name;
    char text[NAME_MAX + 16];
    int r = 0;
    while (r == 0 && live_task_vmas_next(listed, &record, &name)) {
        struct vma vma = {
            .start = record.start,
            .end = record.end,
            .offset = record.page * page,
            .inode = record.inode,
            .major = record.device >> 20,
            .minor = record.device & 0xfffff,
            .access = (uint8_t)record.access, /* the same bits */
        };
        name_listed(live, name, text, sizeof(text), &vma);
        r = vma_wanted(&vma, classes) ? see(argument, &vma) : 0;
    }
    return r;
}

int live_vmas(struct kernel *kernel, pid_t pid, unsigned classes,
              int (*see)(void *argument, const struct vma *vma), void *argument)
{
    const struct live *live = live_of(kernel);
    struct live_task_records listed;
    if (live->tasks && !(classes & VMA_FILE) && live_tasks_vmas(live->tasks, pid, &listed))
        return listed_vmas(live, &listed, classes, see, argument);
    AUTO_CLOSE int fd = open_maps(live->proc, pid);
    if (fd < 0)
        return fd;
    return live->text_maps ? text_vmas(live, fd, classes, see, argument)
                           : query_vmas(live, fd, classes, see, argument);
}
