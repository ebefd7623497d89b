/* maker_lock.c - file locks of all three sorts (flock, POSIX, open file description), with blocked waiters.
 */
#include "tests/make_ipc/maker.h"
#include "tests/make_ipc/shared_file.h"

#include "common/array.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

struct lock_type {
    const char *name;
    int set, set_and_wait; /* fcntl commands; 0 for flock(2) */
    long call;
};

static const struct lock_type types[] = {
    {"flock", 0,           0,            SYS_flock},
    {"posix", F_SETLK,     F_SETLKW,     SYS_fcntl},
    {"ofd",   F_OFD_SETLK, F_OFD_SETLKW, SYS_fcntl},
};

struct lock {
    const char *path;
    const struct lock_type *type;
    bool shared;
    off_t start, length;
};

static void create(void *context)
{
    const struct lock *lock = context;
    int fd = open(lock->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        die(lock->path);
    close(fd);
}

static int take(const struct lock *lock, int fd, bool shared, bool wait)
{
    const struct lock_type *type = lock->type;
    struct flock range = {.l_type = shared ? F_RDLCK : F_WRLCK,
                          .l_whence = SEEK_SET,
                          .l_start = lock->start,
                          .l_len = lock->length};
    if (!type->set)
        return flock(fd, (shared ? LOCK_SH : LOCK_EX) | (wait ? 0 : LOCK_NB));
    return fcntl(fd, wait ? type->set_and_wait : type->set, &range);
}

static int open_again(const struct lock *lock)
{
    int fd = open(lock->path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        die(lock->path);
    return fd;
}

static void hold(void *context)
{
    const struct lock *lock = context;
    if (take(lock, open_again(lock), lock->shared, false) < 0)
        die("lock");
}

static void wait_for_it(void *context)
{
    const struct lock *lock = context;
    int fd = open_again(lock);
    about_to_wait();
    take(lock, fd, false, true);
}

static const struct lock_type *wanted_type(const struct making *making)
{
    const char *name = want_text(making, "type", "flock");
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (strcmp(types[i].name, name) == 0)
            return &types[i];
    die_saying(name, "no such type of lock");
}

/* As shmoo does: the range is left out when it is the whole file. */
static void print_lock(struct making *making, const struct lock *lock, const struct stat *status)
{
    char range[64] = "";
    if (lock->length)
        snprintf(range, sizeof(range), ":%lld-%lld", (long long)lock->start,
                 (long long)(lock->start + lock->length - 1));
    else if (lock->start)
        snprintf(range, sizeof(range), ":%lld-EOF", (long long)lock->start);
    print_object(making, "lock:%s:%u:%u:%lu%s", lock->type->name, major(status->st_dev),
                 minor(status->st_dev), (unsigned long)status->st_ino, range);
}

static void make(struct making *making)
{
    struct lock lock = {
        .path = want_name(making, "/tmp/make_ipc.lock."),
        .type = wanted_type(making),
        .shared = want(making, "shared"),
        .start = (off_t)want_number(making, "start", 0),
        .length = (off_t)want_number(making, "length", 0),
    };
    struct stat status;
    create_object(making, create, &lock, sizeof(lock));
    undo_later(undo_unlink, 0, lock.path);
    if (stat(lock.path, &status) < 0)
        die(lock.path);
    print_lock(making, &lock, &status);
    print_value(making, "path", "%s", lock.path);
    shared_file_print(making, -1, lock.path);
    add_processes(making, "owner", 1, hold, &lock);
    add_waiters(making, "waiters", wait_for_it, &lock, lock.type->call);
}

static const struct maker_key keys[] = {
    {"name",    "absolute path of the file"                 },
    {"type",    "flock, posix or ofd"                       },
    {"shared",  "a read lock"                               },
    {"start",   "first byte (posix, ofd)"                   },
    {"length",  "bytes (posix, ofd); to the end without"    },
    {"owner",   "processes that hold it (1; more if shared)"},
    {"waiters", "processes that block taking it"            },
    {NULL,      NULL                                        },
};

const struct maker maker_lock = {.kind = "lock", .keys = keys, .make = make};
