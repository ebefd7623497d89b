/* file.c - see file.h. */
#include "common/file.h"

#include "common/strbuf.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_MAX = 256 * 1024 * 1024 };

/* Nobody waits, and no memory goes, for what will be refused; files of /proc have no size. */
static bool is_known_to_be_too_large(int fd)
{
    struct stat status;
    return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > READ_MAX;
}

int file_read_all(int fd, struct strbuf *buffer)
{
    enum { STEP = 16 * 1024 };
    for (size_t before = buffer->length;;) {
        char *end = strbuf_reserve(buffer, STEP);
        if (!end)
            return -ENOMEM;
        ssize_t got = read(fd, end, STEP);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -errno;
        end[got] = '\0';
        buffer->length += (size_t)got;
        if (got == 0)
            return 0;
        if (buffer->length - before > READ_MAX || (got == STEP && is_known_to_be_too_large(fd)))
            return -EFBIG;
    }
}

int file_write_all(int fd, const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length) {
        ssize_t written = write(fd, at, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return -errno;
        at += written;
        length -= (size_t)written;
    }
    return 0;
}

int file_own_path(char ret_path[PATH_MAX])
{
    ssize_t length = readlink("/proc/self/exe", ret_path, PATH_MAX - 1);
    if (length < 0)
        return -errno;
    ret_path[length] = '\0';
    return 0;
}
