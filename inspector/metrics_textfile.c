/* metrics_textfile.c - see metrics_textfile.h. */
#include "inspector/metrics_textfile.h"

#include "common/cleanup.h"
#include "common/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

/*
 * Whether a name may be given to a new file: nobody has it, or a regular file, or a link. As root, one would
 * otherwise put /dev/stdout or /dev/null out of the way of the whole machine.
 */
static bool may_replace(int folder, const char *name)
{
    char target[PATH_MAX] = "";
    struct stat status;
    if (fstatat(folder, name, &status, 0) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
        return false;
    return readlinkat(folder, name, target, sizeof(target) - 1) < 0 || strncmp(target, "/proc/", 6) != 0;
}

int metrics_textfile_open(const char *path, struct metrics_textfile *ret_file)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return -EISDIR;
    /* The folder of "/x" is "/". */
    size_t length = slash ? (size_t)(slash - path) + (slash == path) : 0;
    AUTO_FREE char *folder = slash ? strndup(path, length) : strdup(".");
    if (!folder)
        return -ENOMEM;
    AUTO_CLOSE int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    if (!may_replace(fd, name))
        return -ENOTSUP;
    *ret_file = (struct metrics_textfile){.folder = take_fd(&fd), .name = name};
    return 0;
}

/* Nobody reads it by this name: node_exporter takes *.prom only. */
static int new_name(const char *name, char *ret_name, size_t room)
{
    uint64_t random;
    if (getrandom(&random, sizeof(random), 0) != sizeof(random))
        return -EIO;
    int length = snprintf(ret_name, room, ".%s.%016" PRIx64, name, random);
    return length < 0 || (size_t)length >= room ? -ENAMETOOLONG : 0;
}

static int write_new(int folder, const char *name, const void *bytes, size_t length)
{
    AUTO_CLOSE int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0)
        return -errno;
    /* Whatever the umask: the one who reads it is somebody else. */
    int r = fchmod(fd, 0644) < 0 ? -errno : file_write_all(fd, bytes, length);
    return r == 0 && fsync(fd) < 0 ? -errno : r;
}

static int replace(const struct metrics_textfile *file, const void *bytes, size_t length)
{
    char name[NAME_MAX + 1];
    int r = new_name(file->name, name, sizeof(name));
    if (r < 0)
        return r;
    r = write_new(file->folder, name, bytes, length);
    if (r == 0 && renameat(file->folder, name, file->folder, file->name) < 0)
        r = -errno;
    if (r < 0 && r != -EEXIST)
        unlinkat(file->folder, name, 0);
    return r;
}

/* A signal that ends us between the two files would leave the new one behind. */
int metrics_textfile_write(const struct metrics_textfile *file, const void *bytes, size_t length)
{
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    int r = replace(file, bytes, length);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return r;
}

void metrics_textfile_close(struct metrics_textfile *file)
{
    close(file->folder);
    file->folder = -1;
}
