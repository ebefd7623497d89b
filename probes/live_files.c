/*
 * live_files.c - the file systems that hold objects: shared memory (tmpfs at /dev/shm) and mqueue. Reading
 * must not show: folders and files are opened with O_NOATIME, symbolic links, FIFOs and devices never.
 */
#include "common/cleanup.h"
#include "probes/glibc_semaphore.h"
#include "probes/kernel_live.h"
#include "probes/parse.h"

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>

enum { MQUEUE_MAGIC = 0x19800202, DEPTH_MAX = 16 };

/* Mounted for us alone, nowhere. Every mount of a namespace's queues shows the same files. */
static int open_unmounted(void)
{
    AUTO_CLOSE int context = (int)syscall(SYS_fsopen, "mqueue", FSOPEN_CLOEXEC);
    if (context < 0 || syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
        return -errno;
    AUTO_CLOSE int mount = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, MOUNT_ATTR_RDONLY);
    if (mount < 0)
        return -errno;
    int folder = openat(mount, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return folder < 0 ? -errno : folder;
}

/* What is at /dev/mqueue may be of another namespace than ours, after unshare(2): it is for who may not
 * mount. */
int live_open_mqueue(void)
{
    int unmounted = open_unmounted();
    if (unmounted >= 0)
        return unmounted;
    AUTO_CLOSE int mounted = open("/dev/mqueue", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct statfs system;
    if (mounted >= 0 && fstatfs(mounted, &system) == 0 && system.f_type == MQUEUE_MAGIC)
        return take_fd(&mounted);
    return unmounted;
}

/* O_NOATIME is for owners; for others a read is allowed only where it leaves no access time either. */
static int open_unnoticed(int folder, const char *name, int flags)
{
    int fd =
        openat(folder, name, flags | O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | O_NOATIME);
    if (fd >= 0 || errno != EPERM)
        return fd < 0 ? -errno : fd;
    struct statvfs system;
    if (fstatvfs(folder, &system) < 0 || !(system.f_flag & (ST_NOATIME | ST_RDONLY)))
        return -EPERM;
    fd = openat(folder, name, flags | O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

/* A folder's own access time matters to nobody; it is kept where that is possible. */
static int open_folder(int parent, const char *name)
{
    enum { FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };
    int fd = openat(parent, name, FLAGS | O_NOATIME);
    if (fd < 0 && errno == EPERM)
        fd = openat(parent, name, FLAGS);
    return fd < 0 ? -errno : fd;
}

/* Anything may be called sem.NAME, and what is in it is nobody's business but of a semaphore. */
static void keep_semaphore(struct shm_file *file, size_t length)
{
    struct glibc_semaphore semaphore;
    file->head_length = length;
    if (glibc_semaphore(file, &semaphore))
        return;
    memset(file->head, 0, sizeof(file->head));
    file->head_length = 0;
}

static void read_head(int folder, const char *name, struct shm_file *file)
{
    AUTO_CLOSE int fd = open_unnoticed(folder, name, 0);
    struct stat opened;
    if (fd < 0) {
        file->error = -fd;
        return;
    }
    if (fstat(fd, &opened) < 0 || opened.st_ino != file->status.inode) {
        file->error = ENOENT;
        return;
    }
    ssize_t got = pread(fd, file->head, sizeof(file->head), 0);
    if (got < 0)
        file->error = errno;
    else
        keep_semaphore(file, (size_t)got);
}

struct shm_walk {
    int (*see)(void *argument, const struct shm_file *file);
    void *argument;
    char path[4096]; /* below the mount */
    int error;       /* of the first folder or file that could not be looked at */
};

static int walk_folder(struct shm_walk *walk, int folder, size_t length, int depth);

/* Remembers the first thing that could not be looked at, unless it is just gone. */
static int miss(struct shm_walk *walk, int error)
{
    if (error != -ENOENT && !walk->error)
        walk->error = -error;
    return 0;
}

static int walk_entry(struct shm_walk *walk, int folder, const char *name, size_t length, int depth)
{
    struct shm_file file = {.path = walk->path};
    int r = live_status(folder, name, AT_SYMLINK_NOFOLLOW, &file.status);
    if (r < 0)
        return miss(walk, r);
    if (S_ISDIR(file.status.mode)) {
        int below = depth < DEPTH_MAX ? open_folder(folder, name) : -ENAMETOOLONG;
        return below < 0 ? miss(walk, below) : walk_folder(walk, below, length, depth + 1);
    }
    if (S_ISREG(file.status.mode) && strncmp(name, "sem.", 4) == 0)
        read_head(folder, name, &file);
    return walk->see(walk->argument, &file);
}

/* Takes `folder` over. */
static int walk_folder(struct shm_walk *walk, int folder, size_t length, int depth)
{
    AUTO_DIR DIR *dir = fdopendir(folder);
    if (!dir) {
        close(folder);
        return -ENOMEM;
    }
    if (length)
        walk->path[length++] = '/';
    for (struct dirent *entry; (entry = readdir(dir));) {
        size_t name_length = strlen(entry->d_name);
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (length + name_length + 2 > sizeof(walk->path)) {
            miss(walk, -ENAMETOOLONG);
            continue;
        }
        memcpy(walk->path + length, entry->d_name, name_length + 1);
        int r = walk_entry(walk, folder, entry->d_name, length + name_length, depth);
        if (r < 0)
            return r;
    }
    return 0;
}

int live_shm_files(struct kernel *kernel, const char *mount,
                   int (*see)(void *argument, const struct shm_file *file), void *argument)
{
    int folder = open_folder(live_of(kernel)->root, mount);
    if (folder < 0)
        return folder;
    struct shm_walk walk = {.see = see, .argument = argument};
    int r = walk_folder(&walk, folder, 0, 0);
    return r < 0 ? r : -walk.error;
}

static int see_queue(int folder, const char *name, bool read_text,
                     int (*see)(void *argument, const struct queue_file *file), void *argument)
{
    struct queue_file file = {.name = name};
    if (live_status(folder, name, AT_SYMLINK_NOFOLLOW, &file.status) < 0)
        return 0;
    AUTO_CLOSE int fd = openat(folder, name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    struct mq_attr attributes;
    char text[128];
    if (fd < 0) {
        file.error = errno;
    } else if (syscall(SYS_mq_getsetattr, fd, NULL, &attributes) < 0) {
        file.error = errno;
    } else {
        file.messages = (uint64_t)attributes.mq_curmsgs;
        file.maxmsg = (uint64_t)attributes.mq_maxmsg;
        file.msgsize = (uint64_t)attributes.mq_msgsize;
    }
    ssize_t got = read_text && fd >= 0 ? read(fd, text, sizeof(text) - 1) : 0;
    if (got > 0) {
        text[got] = '\0';
        parse_queue_text(text, &file);
    }
    return see(argument, &file);
}

int live_queue_files(struct kernel *kernel, bool read_text,
                     int (*see)(void *argument, const struct queue_file *file), void *argument)
{
    const struct live *live = live_of(kernel);
    if (!live->elsewhere && live->mqueue < 0)
        return -live->mqueue_error;
    int folder = live->elsewhere ? open_unmounted() : open_folder(live->mqueue, ".");
    if (folder < 0)
        return folder;
    AUTO_DIR DIR *dir = fdopendir(folder);
    if (!dir) {
        close(folder);
        return -ENOMEM;
    }
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        int r = see_queue(folder, entry->d_name, read_text, see, argument);
        if (r < 0)
            return r;
    }
    return 0;
}
