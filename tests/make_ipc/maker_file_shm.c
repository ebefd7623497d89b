/* maker_file_shm.c - regular files that processes map shared and writable. */
#include "tests/make_ipc/maker.h"
#include "tests/make_ipc/shared_file.h"

#include <stdio.h>
#include <unistd.h>

static void make(struct making *making)
{
    struct shared_file file = shared_file_wanted(making);
    const char *name = want_name(making, "/tmp/make_ipc.file.");
    snprintf(file.path, sizeof(file.path), "%s", name);
    shared_file_make(making, &file);
    unsigned long inode = shared_file_print(making, -1, file.path);
    print_value(making, "size", "%zu", file.size);
    add_processes(making, "users", 1, shared_file_map, &file);
    bool unlinked = want(making, "unlinked");
    if (unlinked && unlink(file.path) < 0)
        die(file.path);
    print_named_object(making, name, unlinked ? inode : 0);
}

static const struct maker_key keys[] = {
    {"name",     "absolute path"                            },
    {"size",     "bytes"                                    },
    {"touch",    "bytes to write, which makes them resident"},
    {"mode",     "octal permission bits"                    },
    {"users",    "processes that map it (1)"                },
    {"readonly", "they map it read-only"                    },
    {"unlinked", "remove its name while it is in use"       },
    {"orphan",   "its creator exits"                        },
    {NULL,       NULL                                       },
};

const struct maker maker_file_shm = {.kind = "file-shm", .keys = keys, .make = make};
