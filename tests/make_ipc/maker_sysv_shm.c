/* maker_sysv_shm.c - System V shared memory segments. */
#include "tests/make_ipc/maker.h"

#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

struct segment {
    int id;
    key_t key;
    size_t size, touch;
    unsigned mode;
    int attach_flags;
    bool split;
};

static void create(void *context)
{
    struct segment *segment = context;
    segment->id = shmget(segment->key, segment->size, IPC_CREAT | IPC_EXCL | (int)segment->mode);
    if (segment->id < 0)
        die("shmget");
    if (!segment->touch)
        return;
    void *memory = shmat(segment->id, NULL, 0);
    if ((intptr_t)memory == -1)
        die("shmat");
    memset(memory, 'x', segment->touch);
    shmdt(memory);
}

static void use(void *context)
{
    struct segment *segment = context;
    char *memory = shmat(segment->id, NULL, segment->attach_flags);
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    if ((intptr_t)memory == -1)
        die("shmat");
    if (segment->split && mprotect(memory + page, page, PROT_NONE) < 0)
        die("mprotect");
}

static void remove_segment(int id, const char *name)
{
    (void)name;
    shmctl(id, IPC_RMID, NULL);
}

static void make(struct making *making)
{
    struct segment segment = {
        .key = (key_t)want_number(making, "key", 0),
        .size = want_size(making, "size", want(making, "split") ? 3 * 4096 : 4096),
        .touch = want_size(making, "touch", 0),
        .mode = (unsigned)strtoul(want_text(making, "mode", "600"), NULL, 8),
        .attach_flags = want(making, "readonly") ? SHM_RDONLY : 0,
        .split = want(making, "split"),
    };
    create_object(making, create, &segment, sizeof(segment));
    undo_later(remove_segment, segment.id, NULL);
    print_object(making, "sysv-shm:%d", segment.id);
    print_value(making, "id", "%d", segment.id);
    print_value(making, "key", "0x%08x", (unsigned)segment.key);
    print_value(making, "size", "%zu", segment.size);
    add_processes(making, "users", want(making, "removed"), use, &segment);
    if (want(making, "removed") && shmctl(segment.id, IPC_RMID, NULL) < 0)
        die("shmctl");
}

static const struct maker_key keys[] = {
    {"key",      "key to make it under; private when not given"   },
    {"size",     "bytes"                                          },
    {"touch",    "bytes to write, which makes them resident"      },
    {"mode",     "octal permission bits"                          },
    {"users",    "processes that attach it"                       },
    {"readonly", "they attach it read-only"                       },
    {"split",    "they protect its second page, so three mappings"},
    {"removed",  "remove it while it is attached"                 },
    {"orphan",   "its creator exits"                              },
    {NULL,       NULL                                             },
};

const struct maker maker_sysv_shm = {.kind = "sysv-shm", .keys = keys, .make = make};
