/* ends.c - see ends.h. */
#include "tests/make_ipc/ends.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void keep_read_end(void *context)
{
    const struct ends *ends = context;
    if (!ends->both)
        close(ends->write_fd);
}

static void keep_write_end(void *context)
{
    const struct ends *ends = context;
    if (!ends->both)
        close(ends->read_fd);
}

static void wait_to_read(void *context)
{
    const struct ends *ends = context;
    char byte;
    keep_read_end(context);
    about_to_wait();
    if (read(ends->read_fd, &byte, 1) < 0)
        die("read");
}

static void wait_to_write(void *context)
{
    const struct ends *ends = context;
    keep_write_end(context);
    about_to_wait();
    if (write(ends->write_fd, "x", 1) < 0)
        die("write");
}

static void set_nonblocking(int fd, bool on)
{
    int flags = fcntl(fd, F_GETFL);
    if (fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK) < 0)
        die("fcntl");
}

/* Puts `bytes` into it, or as many as it takes. */
static size_t fill(int fd, size_t bytes)
{
    char block[4096];
    size_t done = 0;
    memset(block, 'p', sizeof(block));
    set_nonblocking(fd, true);
    while (done < bytes) {
        size_t rest = bytes - done;
        ssize_t written = write(fd, block, rest < sizeof(block) ? rest : sizeof(block));
        if (written < 0 && errno == EAGAIN)
            break;
        if (written < 0)
            die("write");
        done += (size_t)written;
    }
    set_nonblocking(fd, false);
    return done;
}

void ends_populate(struct making *making, struct ends *ends)
{
    size_t capacity = want_size(making, "capacity", 0);
    ends->both = want(making, "both");
    if (capacity && fcntl(ends->write_fd, F_SETPIPE_SZ, (int)capacity) < 0)
        die("F_SETPIPE_SZ");
    size_t bytes = fill(ends->write_fd, want(making, "full") ? SIZE_MAX : want_size(making, "fill", 0));
    print_value(making, "bytes", "%zu", bytes);
    print_value(making, "capacity", "%d", fcntl(ends->write_fd, F_GETPIPE_SZ));
    add_processes(making, "readers", !want(making, "reading"), keep_read_end, ends);
    add_processes(making, "writers", !want(making, "writing"), keep_write_end, ends);
    add_waiters(making, "reading", wait_to_read, ends, SYS_read);
    add_waiters(making, "writing", wait_to_write, ends, SYS_write);
}
