/* file.c - see file.h. */
#include "common/file.h"

#include "common/strbuf.h"

#include <errno.h>
#include <unistd.h>

int file_read_all(int fd, struct strbuf *buffer)
{
    enum { STEP = 16 * 1024, LIMIT = 256 * 1024 * 1024 };
    for (;;) {
        char *end = strbuf_reserve(buffer, STEP);
        if (!end || buffer->length > LIMIT)
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
