/* maker_eventfd.c - event counters shared by inheritance. */
#include "tests/make_ipc/maker.h"

#include "common/cleanup.h"

#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

/* proc(5): fdinfo of an eventfd tells the number that is the same for all who share it. */
static int id_of(int fd)
{
    char path[64], line[256];
    int id;
    snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
    AUTO_FCLOSE FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof(line), file))
        if (sscanf(line, "eventfd-id: %d", &id) == 1)
            return id;
    die_saying(path, "no eventfd-id in it");
}

static void keep(void *context)
{
    (void)context;
}

static void wait_to_read(void *context)
{
    uint64_t value;
    about_to_wait();
    if (read(*(const int *)context, &value, sizeof(value)) < 0)
        die("read");
}

static void wait_to_write(void *context)
{
    uint64_t value = UINT64_MAX - 1;
    about_to_wait();
    if (write(*(const int *)context, &value, sizeof(value)) < 0)
        die("write");
}

static void make(struct making *making)
{
    uint64_t value = want_number(making, "value", 0);
    AUTO_CLOSE int fd = eventfd(0, EFD_CLOEXEC | (want(making, "semaphore") ? EFD_SEMAPHORE : 0));
    if (fd < 0 || (value && write(fd, &value, sizeof(value)) < 0))
        die("eventfd");
    print_object(making, "eventfd:%d", id_of(fd));
    print_value(making, "value", "%llu", (unsigned long long)value);
    add_processes(making, "users", 1, keep, &fd);
    add_waiters(making, "reading", wait_to_read, &fd, SYS_read);
    add_waiters(making, "writing", wait_to_write, &fd, SYS_write);
}

static const struct maker_key keys[] = {
    {"value",     "of the counter (0)"                           },
    {"semaphore", "reads take one off"                           },
    {"users",     "processes that have it open (1)"              },
    {"reading",   "processes that block reading (when it is 0)"  },
    {"writing",   "processes that block writing (when it is not)"},
    {NULL,        NULL                                           },
};

const struct maker maker_eventfd = {.kind = "eventfd", .keys = keys, .make = make};
