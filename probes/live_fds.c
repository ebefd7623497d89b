/*
 * live_fds.c - descriptors of a process. The link text tells most of them apart for a readlink each; only
 * files are looked at more closely. Nothing is opened: opening a FIFO would wake whoever waits for its other
 * end.
 */
#include "common/cleanup.h"
#include "probes/edge.h"
#include "probes/kernel_live.h"
#include "probes/parse.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

enum { STATUS_CLASSES = FD_MEMFD | FD_QUEUE | FD_FILE };

static int look_at(int folder, const char *name, unsigned classes, struct fd *ret_fd, char *link, size_t room)
{
    ssize_t length = readlinkat(folder, name, link, room - 1);
    if (length < 0)
        return errno == ENOENT ? 0 : -errno;
    link[length] = '\0';
    struct fd fd = {.link = link, .fd_class = (uint8_t)fd_classify(link)};
    if (!(fd.fd_class & classes))
        return 0;
    /* The link's own mode says how the file was opened (proc_fd_instantiate() in fs/proc/fd.c). */
    struct stat mode;
    if (fstatat(folder, name, &mode, AT_SYMLINK_NOFOLLOW) < 0)
        return errno == ENOENT ? 0 : -errno;
    fd.access =
        (uint8_t)((mode.st_mode & S_IRUSR ? EDGE_READ : 0) | (mode.st_mode & S_IWUSR ? EDGE_WRITE : 0));
    if (fd.fd_class & STATUS_CLASSES) {
        if (live_status(folder, name, 0, &fd.status) < 0)
            return 0;
    } else {
        parse_bracketed(link, &fd.status.inode);
    }
    for (const char *digit = name; *digit >= '0' && *digit <= '9' && fd.fd < INT_MAX / 10; digit++)
        fd.fd = fd.fd * 10 + (*digit - '0');
    *ret_fd = fd;
    return 1;
}

int live_fds(struct kernel *kernel, pid_t pid, unsigned classes,
             int (*see)(void *argument, const struct fd *fd), void *argument)
{
    char path[32], link[PATH_MAX + 16];
    snprintf(path, sizeof(path), "%d/fd", pid);
    int folder = openat(live_of(kernel)->proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return -errno;
    AUTO_DIR DIR *dir = fdopendir(folder);
    if (!dir) {
        close(folder);
        return -ENOMEM;
    }
    for (struct dirent *entry; (entry = readdir(dir));) {
        struct fd fd;
        if (entry->d_name[0] < '0' || entry->d_name[0] > '9')
            continue;
        int r = look_at(folder, entry->d_name, classes, &fd, link, sizeof(link));
        if (r > 0)
            r = see(argument, &fd);
        if (r < 0)
            return r;
    }
    return 0;
}
