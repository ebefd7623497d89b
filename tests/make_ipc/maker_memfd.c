/* maker_memfd.c - memory files without a name in any folder; they live as long as somebody holds them. */
#include "tests/make_ipc/maker.h"
#include "tests/make_ipc/shared_file.h"

#include "common/cleanup.h"

#include <sys/mman.h>
#include <unistd.h>

static void make(struct making *making)
{
    struct shared_file file = shared_file_wanted(making);
    const char *name = want_name(making, "make_ipc.");
    AUTO_CLOSE int fd = memfd_create(name, MFD_CLOEXEC);
    if (fd < 0)
        die("memfd_create");
    shared_file_fill(fd, &file);
    file.fd = fd;
    print_value(making, "name", "%s", name);
    print_object(making, "memfd:%lu", shared_file_print(making, fd, name));
    print_value(making, "size", "%zu", file.size);
    add_processes(making, "users", !want(making, "open") && !want(making, "mapped"), shared_file_hold, &file);
    add_processes(making, "mapped", 0, shared_file_map, &file);
    add_processes(making, "open", 0, shared_file_open, &file);
}

static const struct maker_key keys[] = {
    {"name",     "what it is called in /proc"                },
    {"size",     "bytes"                                     },
    {"touch",    "bytes to write, which makes them resident" },
    {"users",    "processes that have it open and mapped (1)"},
    {"mapped",   "processes that only map it"                },
    {"open",     "processes that only have it open"          },
    {"readonly", "they map it read-only"                     },
    {NULL,       NULL                                        },
};

const struct maker maker_memfd = {.kind = "memfd", .keys = keys, .make = make};
