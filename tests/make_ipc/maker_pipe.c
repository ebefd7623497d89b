/* maker_pipe.c - pipes. */
#include "tests/make_ipc/ends.h"
#include "tests/make_ipc/shared_file.h"

#include <fcntl.h>
#include <unistd.h>

static void make(struct making *making)
{
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) < 0)
        die("pipe");
    struct ends ends = {.read_fd = fds[0], .write_fd = fds[1]};
    print_object(making, "pipe:%lu", shared_file_print(making, fds[0], "pipe"));
    ends_populate(making, &ends);
    close(fds[0]);
    close(fds[1]);
}

static const struct maker_key keys[] = {
    ENDS_KEYS,
    {NULL, NULL},
};

const struct maker maker_pipe = {.kind = "pipe", .keys = keys, .make = make};
