/* maker_posix_shm.c - POSIX shared memory: files in /dev/shm, in subfolders too. */
#include "tests/make_ipc/maker.h"
#include "tests/make_ipc/shared_file.h"

#include <stdio.h>
#include <unistd.h>

static void make(struct making *making)
{
    struct shared_file file = shared_file_wanted(making);
    const char *name = want_name(making, "/make_ipc.");
    snprintf(file.path, sizeof(file.path), "/dev/shm%s", name);
    shared_file_make(making, &file);
    unsigned long inode = shared_file_print(making, -1, file.path);
    print_value(making, "size", "%zu", file.size);
    add_processes(making, "users", want(making, "unlinked"), shared_file_map, &file);
    add_processes(making, "open", 0, shared_file_open, &file);
    bool unlinked = want(making, "unlinked");
    if (unlinked && unlink(file.path) < 0)
        die(file.path);
    print_named_object(making, name, unlinked ? inode : 0);
}

static const struct maker_key keys[] = {
    {"name",     "with its slash; may contain further ones" },
    {"size",     "bytes"                                    },
    {"touch",    "bytes to write, which makes them resident"},
    {"mode",     "octal permission bits"                    },
    {"users",    "processes that map it"                    },
    {"open",     "processes that have it open"              },
    {"readonly", "they open and map it read-only"           },
    {"unlinked", "remove its name while it is in use"       },
    {"orphan",   "its creator exits"                        },
    {NULL,       NULL                                       },
};

const struct maker maker_posix_shm = {.kind = "posix-shm", .keys = keys, .make = make};
