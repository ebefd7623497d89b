/*
 * live_fds.c - descriptors of a process, from the list of all tasks if there is one. Otherwise the link text
 * tells most of them apart for a readlink each; only files are looked at more closely. Nothing is opened:
 * opening a FIFO would wake whoever waits for its other end.
 */
#include "common/cleanup.h"
#include "probes/edge.h"
#include "probes/kernel_live.h"
#include "probes/live_tasks.h"
#include "probes/parse.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    STATUS_CLASSES = FD_MEMFD | FD_QUEUE | FD_SHM | FD_FILE,
    LISTED_CLASSES = FD_MEMFD | FD_QUEUE | FD_SHM, /* that live_tasks.h tells of */
};

/* Returns 1 with the descriptor, 0 when it is of no wanted class, -ENOENT when there is none of that name. */
static int look_at(const struct live *live, int folder, const char *name, unsigned classes, struct fd *ret_fd,
                   char *link, size_t room)
{
    ssize_t length = readlinkat(folder, name, link, room - 1);
    if (length < 0)
        return -errno;
    link[length] = '\0';
    struct fd fd = {.link = link, .fd_class = (uint8_t)fd_classify(link)};
    if (!(fd.fd_class & classes))
        return 0;
    /* The link's own mode says how the file was opened (tid_fd_update_inode() in fs/proc/fd.c). */
    struct stat mode;
    if (fstatat(folder, name, &mode, AT_SYMLINK_NOFOLLOW) < 0)
        return errno == ENOENT ? 0 : -errno;
    fd.access =
        (uint8_t)((mode.st_mode & S_IRUSR ? EDGE_READ : 0) | (mode.st_mode & S_IWUSR ? EDGE_WRITE : 0));
    if (fd.fd_class & STATUS_CLASSES) {
        if (live_status(folder, name, 0, &fd.status) < 0)
            return 0;
        fd.fd_class = (uint8_t)live_fd_class(live, &fd);
        if (!(fd.fd_class & classes))
            return 0;
    } else {
        parse_bracketed(link, &fd.status.inode);
    }
    *ret_fd = fd;
    return 1;
}

struct fd_walk {
    const struct live *live;
    int folder;
    unsigned classes;
    int (*see)(void *argument, const struct fd *fd);
    void *argument;
    bool own;   /* our own: queues and semaphores in it are open to be looked at, by another worker */
    int missed; /* -ENAMETOOLONG when some path was too long to be told; other descriptors do not suffer */
    char link[PATH_MAX + 16];
};

/* Opened by us to look at it. */
static bool is_own_working_fd(const struct fd_walk *walk, const struct fd *fd)
{
    return walk->own && fd->fd > STDERR_FILENO && fd->fd_class & (FD_QUEUE | FD_SHM);
}

static int see_number(struct fd_walk *walk, int number)
{
    char name[16];
    struct fd fd;
    snprintf(name, sizeof(name), "%d", number);
    int r = look_at(walk->live, walk->folder, name, walk->classes, &fd, walk->link, sizeof(walk->link));
    if (r == -ENAMETOOLONG) {
        walk->missed = r;
        return 0;
    }
    if (r <= 0)
        return r;
    fd.fd = number;
    if (is_own_working_fd(walk, &fd))
        return 0;
    return walk->see(walk->argument, &fd);
}

/* The folder's size is the number of descriptors (linux 6.2, proc_fd_getattr()); before, it is 0. */
static uint64_t descriptor_count(int folder)
{
    struct stat status;
    return fstat(folder, &status) == 0 && status.st_size > 0 ? (uint64_t)status.st_size : 0;
}

/*
 * Descriptors are given out from the lowest on, so trying the numbers finds most of them for less than
 * listing the folder, which makes a directory entry for each. Stops at the first gap that is too wide;
 * ret_next is where.
 */
static int try_numbers(struct fd_walk *walk, uint64_t count, int *ret_next)
{
    enum { GAP_MAX = 8 };
    int number = 0;
    for (int gap = 0; count && gap < GAP_MAX; number++) {
        int r = see_number(walk, number);
        gap = r == -ENOENT ? gap + 1 : 0;
        count -= r != -ENOENT;
        if (r < 0 && r != -ENOENT)
            return r;
    }
    *ret_next = count ? number : INT_MAX;
    return 0;
}

static int number_of_name(const char *name)
{
    int number = 0;
    if (!*name)
        return -1;
    for (; *name >= '0' && *name <= '9' && number < INT_MAX / 10 - 1; name++)
        number = number * 10 + (*name - '0');
    return *name ? -1 : number;
}

static int list_from(struct fd_walk *walk, int first)
{
    int copy = fcntl(walk->folder, F_DUPFD_CLOEXEC, 3);
    AUTO_DIR DIR *dir = copy < 0 ? NULL : fdopendir(copy);
    if (!dir) {
        int error = errno;
        cleanup_close(&copy);
        return -error;
    }
    for (struct dirent *entry; (entry = readdir(dir));) {
        int number = number_of_name(entry->d_name);
        int r = number >= first ? see_number(walk, number) : 0;
        if (r < 0 && r != -ENOENT)
            return r;
    }
    return 0;
}

static uint8_t access_of_mode(unsigned mode)
{
    return (uint8_t)((mode & 1 ? EDGE_READ : 0) | (mode & 2 ? EDGE_WRITE : 0));
}

static int see_memfd(struct fd_walk *walk, const struct memfd_record *record, const char *name, struct fd *fd)
{
    /* As d_path() has it: no memfd has a place. */
    snprintf(walk->link, sizeof(walk->link), "/%s (deleted)", name);
    fd->link = walk->link;
    fd->fd_class = (uint8_t)fd_classify(walk->link);
    fd->status.size = record->size;
    fd->status.used = record->blocks * 512;
    fd->status.atime = record->atime;
    fd->status.mtime = record->mtime;
    fd->status.ctime = record->ctime;
    fd->status.btime = record->btime;
    fd->status.uid = record->uid;
    fd->status.gid = record->gid;
    return fd->fd_class & walk->classes & FD_MEMFD ? walk->see(walk->argument, fd) : 0;
}

/* Huge pages have other inodes: rare enough to be looked up. */
static int see_huge_memfd(struct fd_walk *walk, pid_t pid, int number)
{
    char name[32];
    struct fd fd;
    snprintf(name, sizeof(name), "%d/fd/%d", pid, number);
    int r = look_at(walk->live, walk->folder, name, walk->classes, &fd, walk->link, sizeof(walk->link));
    fd.fd = number;
    return r == 1 ? walk->see(walk->argument, &fd) : r == -ENOENT ? 0 : r;
}

static int see_record(struct fd_walk *walk, pid_t pid, const struct memfd_record *record, const char *name)
{
    struct fd fd = {
        .fd = record->fd.fd,
        .access = access_of_mode(record->fd.access),
        .status = {.inode = record->fd.inode,
                   .mode = record->fd.mode,
                   .major = record->fd.device >> 20,
                   .minor = record->fd.device & 0xfffff},
    };
    if (name)
        return see_memfd(walk, record, name, &fd);
    if (live_is_memory(walk->live, fd.status.major, fd.status.minor))
        return see_huge_memfd(walk, pid, fd.fd);
    fd.brief = true;
    fd.fd_class = record->fd.queue ? FD_QUEUE : FD_SHM;
    if (!(fd.fd_class & walk->classes) || is_own_working_fd(walk, &fd))
        return 0;
    return walk->see(walk->argument, &fd);
}

static int see_listed(struct fd_walk *walk, pid_t pid, struct live_task_records *listed)
{
    struct memfd_record record;
    const char *name;
    int r = 0;
    while (r == 0 && live_task_fds_next(listed, &record, &name))
        r = see_record(walk, pid, &record, name);
    return r;
}

static int see_folder(struct fd_walk *walk, pid_t pid)
{
    char path[32];
    int next = 0;
    snprintf(path, sizeof(path), "%d/fd", pid);
    AUTO_CLOSE int folder = openat(walk->live->proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return -errno;
    walk->folder = folder;
    uint64_t count = descriptor_count(folder);
    int r = count ? try_numbers(walk, count, &next) : 0;
    if (r == 0 && next != INT_MAX)
        r = list_from(walk, next);
    return r;
}

int live_fds(struct kernel *kernel, pid_t pid, unsigned classes,
             int (*see)(void *argument, const struct fd *fd), void *argument)
{
    const struct live *live = live_of(kernel);
    struct live_task_records listed;
    struct fd_walk walk = {.live = live,
                           .folder = live->proc,
                           .classes = classes,
                           .see = see,
                           .argument = argument,
                           .own = pid == live->self};
    bool known = live->tasks && !(classes & ~LISTED_CLASSES) && live_tasks_fds(live->tasks, pid, &listed);
    int r = known ? see_listed(&walk, pid, &listed) : see_folder(&walk, pid);
    return r < 0 ? r : walk.missed;
}
