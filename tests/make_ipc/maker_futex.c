/* maker_futex.c - futexes in POSIX shared memory: raw ones, and process-shared mutexes with their owner. */
#include "tests/make_ipc/maker.h"
#include "tests/make_ipc/shared_file.h"

#include "common/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct futex {
    struct shared_file file; /* first: it is created as one */
    size_t offset;
    bool mutex, robust, vector;
};

static char *map(const struct futex *futex)
{
    AUTO_CLOSE int fd = open(futex->file.path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    char *memory =
        fd < 0 ? MAP_FAILED : mmap(NULL, futex->file.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED)
        die(futex->file.path);
    return memory + futex->offset;
}

static void create(void *context)
{
    const struct futex *futex = context;
    shared_file_create(context);
    if (!futex->mutex)
        return;
    pthread_mutexattr_t attributes;
    char *mutex = map(futex);
    if (pthread_mutexattr_init(&attributes) != 0 ||
        pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED) != 0 ||
        pthread_mutexattr_setrobust(&attributes,
                                    futex->robust ? PTHREAD_MUTEX_ROBUST : PTHREAD_MUTEX_STALLED) != 0 ||
        pthread_mutex_init((pthread_mutex_t *)mutex, &attributes) != 0)
        die_saying("pthread_mutex_init", "failed");
    munmap(mutex - futex->offset, futex->file.size);
}

static void take(void *context)
{
    const struct futex *futex = context;
    if (futex->mutex && pthread_mutex_lock((pthread_mutex_t *)map(futex)) != 0)
        die_saying("pthread_mutex_lock", "failed");
}

/* The other one is the word behind it. */
static void wait_for_one_of_two(char *word)
{
    struct futex_waitv words[] = {
        {.uaddr = (uintptr_t)word,       .flags = FUTEX_32},
        {.uaddr = (uintptr_t)(word + 4), .flags = FUTEX_32}
    };
    syscall(SYS_futex_waitv, words, 2, 0, NULL, 0);
}

static void wait_for_it(void *context)
{
    const struct futex *futex = context;
    char *word = map(futex);
    about_to_wait();
    if (futex->mutex)
        pthread_mutex_lock((pthread_mutex_t *)word);
    else if (futex->vector)
        wait_for_one_of_two(word);
    else
        syscall(SYS_futex, word, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static void make(struct making *making)
{
    struct futex futex = {.file = shared_file_wanted(making), .offset = want_number(making, "offset", 64)};
    const char *name = want_name(making, "/make_ipc.");
    const char *type = want_text(making, "type", "raw");
    const char *owner = want_text(making, "owner", "");
    futex.robust = strcmp(type, "robust") == 0;
    futex.mutex = futex.robust || strcmp(type, "mutex") == 0;
    futex.vector = strcmp(type, "vector") == 0;
    snprintf(futex.file.path, sizeof(futex.file.path), "/dev/shm%s", name);
    shared_file_prepare(&futex.file);
    create_object(making, create, &futex, sizeof(futex));
    print_object(making, "futex:posix-shm:%s+0x%zx", name, futex.offset);
    print_value(making, "memory", "posix-shm:%s", name);
    shared_file_print(making, -1, futex.file.path);
    pid_t pid = *owner ? add_process(making, "owner", take, &futex) : 0;
    add_waiters(making, "waiters", wait_for_it, &futex, futex.vector ? SYS_futex_waitv : SYS_futex);
    if (strcmp(owner, "dead") == 0)
        kill_process(pid);
}

static const struct maker_key keys[] = {
    {"name",    "of the POSIX shared memory it is in"                          },
    {"size",    "bytes of that"                                                },
    {"mode",    "octal permission bits of that"                                },
    {"offset",  "where in it (64)"                                             },
    {"type",    "raw, vector (with the word behind it), mutex or robust"       },
    {"owner",   "alive or dead: a process locks the mutex; it dies at the end" },
    {"waiters", "processes that block on it (robust with a dead owner: do not)"},
    {"orphan",  "its creator exits"                                            },
    {NULL,      NULL                                                           },
};

const struct maker maker_futex = {.kind = "futex", .keys = keys, .make = make};
