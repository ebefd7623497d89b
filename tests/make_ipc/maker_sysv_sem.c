/* maker_sysv_sem.c - System V semaphore sets, with processes that wait on them. */
#include "tests/make_ipc/maker.h"

#include "common/array.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/syscall.h>

enum { SEMS_MAX = 1000 };

struct set {
    int id;
    key_t key;
    unsigned count, number;
    unsigned mode;
    unsigned short values[SEMS_MAX];
    short undo;
};

static void operate(const struct set *set, short by, short flags)
{
    struct sembuf operation = {.sem_num = (unsigned short)set->number, .sem_op = by, .sem_flg = flags};
    semop(set->id, &operation, 1);
}

static void create(void *context)
{
    struct set *set = context;
    union {
        unsigned short *array;
    } argument = {.array = set->values};
    set->id = semget(set->key, (int)set->count, IPC_CREAT | IPC_EXCL | (int)set->mode);
    if (set->id < 0 || semctl(set->id, 0, SETALL, argument) < 0)
        die("semget");
}

static void wait_for_more(void *context)
{
    const struct set *set = context;
    about_to_wait();
    operate(set, -1, set->undo);
}

static void wait_for_zero(void *context)
{
    about_to_wait();
    operate(context, 0, 0);
}

static void take(void *context)
{
    operate(context, -1, IPC_NOWAIT);
}

static void remove_set(int id, const char *name)
{
    (void)name;
    semctl(id, 0, IPC_RMID);
}

/* "1/0/7" */
static unsigned read_values(const char *text, unsigned short values[SEMS_MAX])
{
    unsigned count = 0;
    for (char *end; *text && count < SEMS_MAX; text = *end ? end + 1 : end) {
        values[count++] = (unsigned short)strtoul(text, &end, 10);
        if (end == text)
            die_saying("values", "not numbers");
    }
    return count;
}

static void make(struct making *making)
{
    struct set set = {
        .key = (key_t)want_number(making, "key", 0),
        .number = (unsigned)want_number(making, "number", 0),
        .mode = (unsigned)strtoul(want_text(making, "mode", "600"), NULL, 8),
        .undo = want(making, "undo") ? SEM_UNDO : 0,
    };
    const char *owner = want_text(making, "owner", "");
    set.count = read_values(want_text(making, "values", "0"), set.values);
    create_object(making, create, &set, sizeof(set));
    undo_later(remove_set, set.id, NULL);
    print_object(making, "sysv-sem:%d", set.id);
    print_value(making, "id", "%d", set.id);
    print_value(making, "key", "0x%08x", (unsigned)set.key);
    print_value(making, "sems", "%u", set.count);
    if (*owner) {
        pid_t pid = add_process(making, "owner", take, &set);
        if (strcmp(owner, "dead") == 0)
            kill_process(pid);
    }
    add_waiters(making, "waiters", wait_for_more, &set, SYS_semtimedop);
    add_waiters(making, "zero", wait_for_zero, &set, SYS_semtimedop);
}

static const struct maker_key keys[] = {
    {"key",     "key to make it under; private when not given"         },
    {"values",  "of the semaphores, as 1/0/7"                          },
    {"mode",    "octal permission bits"                                },
    {"number",  "the semaphore that processes work on"                 },
    {"owner",   "alive or dead: a process takes one off, and then dies"},
    {"undo",    "those that block do so with SEM_UNDO"                 },
    {"waiters", "processes that block until it grows"                  },
    {"zero",    "processes that block until it is zero"                },
    {"orphan",  "its creator exits"                                    },
    {NULL,      NULL                                                   },
};

const struct maker maker_sysv_sem = {.kind = "sysv-sem", .keys = keys, .make = make};
