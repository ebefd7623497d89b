/* maker_fifo.c - FIFOs: open, in use, or with somebody who waits in open() for the other side. */
#include "tests/make_ipc/ends.h"
#include "tests/make_ipc/shared_file.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct opening {
    const char *path;
    int flags;
};

static void create(void *context)
{
    const struct opening *opening = context;
    if (mkfifo(opening->path, 0600) < 0)
        die(opening->path);
}

static void wait_to_open(void *context)
{
    const struct opening *opening = context;
    about_to_wait();
    if (open(opening->path, opening->flags | O_CLOEXEC) < 0)
        die(opening->path);
}

/* Linux lets a FIFO be opened for both without waiting, fifo(7); that gives us something to share. */
static void populate(struct making *making, const char *path)
{
    struct ends ends = {.read_fd = open(path, O_RDWR | O_CLOEXEC), .write_fd = -1};
    if (ends.read_fd < 0)
        die(path);
    ends.write_fd = open(path, O_WRONLY | O_CLOEXEC);
    int reader = open(path, O_RDONLY | O_CLOEXEC);
    if (ends.write_fd < 0 || reader < 0 || dup3(reader, ends.read_fd, O_CLOEXEC) < 0)
        die(path);
    close(reader);
    ends_populate(making, &ends);
    close(ends.read_fd);
    close(ends.write_fd);
}

static void make(struct making *making)
{
    struct opening opening = {.path = want_name(making, "/tmp/make_ipc.fifo.")};
    const char *side = want_text(making, "opening", NULL);
    create_object(making, create, &opening, sizeof(opening));
    undo_later(undo_unlink, 0, opening.path);
    print_named_object(making, opening.path, 0);
    shared_file_print(making, -1, opening.path);
    if (want(making, "orphan"))
        return;
    if (!side) {
        populate(making, opening.path);
        return;
    }
    opening.flags = strcmp(side, "write") == 0 ? O_WRONLY : O_RDONLY;
    add_waiter(making, "waiters", wait_to_open, &opening, SYS_openat);
}

static const struct maker_key keys[] = {
    {"name",    "absolute path"                                          },
    ENDS_KEYS,
    {"opening", "read or write: only a process that blocks opening it so"},
    {"orphan",  "its creator exits, and nobody opens it"                 },
    {NULL,      NULL                                                     },
};

const struct maker maker_fifo = {.kind = "fifo", .keys = keys, .make = make};
