/* maker_posix_sem.c - named POSIX semaphores, with processes that wait on them. */
#include "tests/make_ipc/maker.h"
#include "tests/make_ipc/shared_file.h"

#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct semaphore {
    const char *name;
    unsigned mode, value;
};

static void create(void *context)
{
    const struct semaphore *semaphore = context;
    sem_t *sem = sem_open(semaphore->name, O_CREAT | O_EXCL, semaphore->mode, semaphore->value);
    if (sem == SEM_FAILED)
        die(semaphore->name);
    sem_close(sem);
}

static sem_t *open_again(const struct semaphore *semaphore)
{
    sem_t *sem = sem_open(semaphore->name, 0);
    if (sem == SEM_FAILED)
        die(semaphore->name);
    return sem;
}

static void use(void *context)
{
    open_again(context);
}

static void take(void *context)
{
    if (sem_trywait(open_again(context)) < 0)
        die("sem_trywait");
}

static void wait_for_post(void *context)
{
    sem_t *sem = open_again(context);
    about_to_wait();
    sem_wait(sem);
}

static void make(struct making *making)
{
    struct semaphore semaphore = {
        .name = want_name(making, "/make_ipc."),
        .mode = (unsigned)strtoul(want_text(making, "mode", "600"), NULL, 8),
        .value = (unsigned)want_number(making, "value", 0),
    };
    const char *owner = want_text(making, "owner", "");
    char path[300];
    create_object(making, create, &semaphore, sizeof(semaphore));
    snprintf(path, sizeof(path), "/dev/shm/sem.%s", semaphore.name + 1);
    undo_later(undo_unlink, 0, path);
    unsigned long inode = shared_file_print(making, -1, path);
    if (*owner) {
        pid_t pid = add_process(making, "owner", take, &semaphore);
        if (strcmp(owner, "dead") == 0)
            kill_process(pid);
    }
    add_processes(making, "users", 0, use, &semaphore);
    add_waiters(making, "waiters", wait_for_post, &semaphore, SYS_futex);
    bool unlinked = want(making, "unlinked");
    if (unlinked && unlink(path) < 0)
        die(path);
    print_named_object(making, semaphore.name, unlinked ? inode : 0);
}

static const struct maker_key keys[] = {
    {"name",     "with its slash"                                    },
    {"value",    "before anybody works on it (0)"                    },
    {"mode",     "octal permission bits"                             },
    {"users",    "processes that have it open (mapped)"              },
    {"owner",    "alive or dead: a process takes one, and then dies" },
    {"waiters",  "processes that block waiting (when the value is 0)"},
    {"unlinked", "remove its name at the end"                        },
    {"orphan",   "its creator exits"                                 },
    {NULL,       NULL                                                },
};

const struct maker maker_posix_sem = {.kind = "posix-sem", .keys = keys, .make = make};
