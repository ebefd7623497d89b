/* shared_file.c - see shared_file.h. */
#include "tests/make_ipc/shared_file.h"

#include "common/cleanup.h"
#include "tests/make_ipc/maker.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

struct shared_file shared_file_wanted(struct making *making)
{
    return (struct shared_file){
        .fd = -1,
        .size = want_size(making, "size", 4096),
        .touch = want_size(making, "touch", 0),
        .mode = (unsigned)strtoul(want_text(making, "mode", "600"), NULL, 8),
        .access = want(making, "readonly") ? O_RDONLY : O_RDWR,
    };
}

void shared_file_fill(int fd, const struct shared_file *file)
{
    if (ftruncate(fd, (off_t)file->size) < 0)
        die("ftruncate");
    char page[4096];
    memset(page, 'x', sizeof(page));
    for (size_t done = 0; done < file->touch; done += sizeof(page)) {
        size_t rest = file->touch - done;
        if (pwrite(fd, page, rest < sizeof(page) ? rest : sizeof(page), (off_t)done) < 0)
            die("pwrite");
    }
}

/* Folders above it, as far as they are missing: objects may live in subfolders of /dev/shm. */
void shared_file_prepare(const struct shared_file *file)
{
    AUTO_FREE char *copy = strdup(file->path);
    for (char *slash = copy ? strchr(copy + 1, '/') : NULL; slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(copy, 0755) == 0)
            undo_later(undo_rmdir, 0, copy);
        *slash = '/';
    }
    undo_later(undo_unlink, 0, file->path);
}

void shared_file_create(void *context)
{
    const struct shared_file *file = context;
    AUTO_CLOSE int fd = open(file->path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, file->mode);
    if (fd < 0 || fchmod(fd, file->mode) < 0)
        die(file->path);
    shared_file_fill(fd, file);
}

void shared_file_make(struct making *making, struct shared_file *file)
{
    shared_file_prepare(file);
    create_object(making, shared_file_create, file, sizeof(*file));
}

static int open_again(const struct shared_file *file)
{
    int fd = file->fd >= 0 ? file->fd : open(file->path, file->access | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        die(file->path);
    return fd;
}

static int map_and_keep(const struct shared_file *file)
{
    int fd = open_again(file);
    int protection = file->access == O_RDWR ? PROT_READ | PROT_WRITE : PROT_READ;
    if (mmap(NULL, file->size, protection, MAP_SHARED, fd, 0) == MAP_FAILED)
        die("mmap");
    return fd;
}

void shared_file_map(void *context)
{
    close(map_and_keep(context));
}

void shared_file_open(void *context)
{
    open_again(context);
}

void shared_file_hold(void *context)
{
    map_and_keep(context);
}

unsigned long shared_file_print(struct making *making, int fd, const char *path)
{
    struct stat status;
    if ((fd >= 0 ? fstat(fd, &status) : lstat(path, &status)) < 0)
        die(path);
    print_value(making, "inode", "%lu", (unsigned long)status.st_ino);
    print_value(making, "dev", "%u:%u", major(status.st_dev), minor(status.st_dev));
    return (unsigned long)status.st_ino;
}
