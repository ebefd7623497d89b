/*
 * inject_loop.c - times a loop of IPC calls: `inject_loop LOOP COUNT` prints nanoseconds per round of libc's
 * own functions, and how many more it is with those the program was linked to, a preloaded library's if there
 * is one. Two processes differ by more than a shim costs, in the pages they got, and two seconds too: both
 * kinds take turns here, each COUNT rounds long. Printed are the median and the median difference of
 * neighbours.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { TRIES = 1000, SIZE = 4096 };

#define FUNCTIONS(DO) \
    DO(mq_send)       \
    DO(mq_receive)    \
    DO(sem_post)      \
    DO(sem_wait)      \
    DO(shm_open)      \
    DO(close)         \
    DO(shm_unlink)    \
    DO(shmget)        \
    DO(shmat)         \
    DO(shmdt)         \
    DO(shmctl)        \
    DO(mmap)          \
    DO(munmap)        \
    DO(syscall)

struct functions {
#define MEMBER(name) __typeof__(&name) name;
    FUNCTIONS(MEMBER)
};

static mqd_t queue;
static sem_t semaphore;

static bool round_mq(const struct functions *f)
{
    char message[16] = "";
    return f->mq_send(queue, message, sizeof(message), 0) == 0 &&
           f->mq_receive(queue, message, sizeof(message), NULL) >= 0;
}

static bool round_sem(const struct functions *f)
{
    return f->sem_post(&semaphore) == 0 && f->sem_wait(&semaphore) == 0;
}

static bool round_shm(const struct functions *f)
{
    int fd = f->shm_open("/shmoo-bench", O_RDWR | O_CREAT, 0600);
    return fd >= 0 && f->close(fd) == 0 && f->shm_unlink("/shmoo-bench") == 0;
}

static bool round_sysv(const struct functions *f)
{
    int id = f->shmget(IPC_PRIVATE, SIZE, 0600);
    void *memory = f->shmat(id, NULL, 0);
    return memory != (void *)-1 && f->shmdt(memory) == 0 && f->shmctl(id, IPC_RMID, NULL) == 0;
}

static bool round_map(const struct functions *f)
{
    void *memory = f->mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory != MAP_FAILED && f->munmap(memory, SIZE) == 0;
}

/* Fails by itself, so that a rule that makes it fail costs only the rule. */
static bool round_shmget(const struct functions *f)
{
    return f->shmget(0x5eed, SIZE, 0) < 0;
}

static bool round_getppid(const struct functions *f)
{
    return f->syscall(SYS_getppid) > 0;
}

static const struct {
    const char *name;
    bool (*round)(const struct functions *);
} loops[] = {
    {"mq",      round_mq     },
    {"sem",     round_sem    },
    {"shm",     round_shm    },
    {"sysv",    round_sysv   },
    {"map",     round_map    },
    {"shmget",  round_shmget },
    {"getppid", round_getppid},
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* Nanoseconds per round; negative when a call failed. */
static double try(bool (*round)(const struct functions *), const struct functions *f, long count)
{
    double start = now();
    for (long index = 0; index < count; index++)
        if (!round(f))
            return -1;
    return (now() - start) / (double)count;
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median(double values[TRIES])
{
    qsort(values, TRIES, sizeof(*values), by_value);
    return values[TRIES / 2];
}

static bool find_native(struct functions *f)
{
    void *libc = dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD);
    bool found = libc;
#define FIND(name) found = found && (f->name = (__typeof__(f->name))dlsym(libc, #name));
    FUNCTIONS(FIND)
    return found;
}

static int measure(bool (*round)(const struct functions *), long count)
{
#define LINKED(name) .name = name,
    const struct functions linked = {FUNCTIONS(LINKED)};
    struct functions native;
    if (!find_native(&native))
        return 1;
    static double each[TRIES];
    static double more[TRIES];
    for (int index = 0; index < TRIES; index++) {
        each[index] = try(round, &native, count);
        double other = try(round, &linked, count);
        if (each[index] < 0 || other < 0)
            return 1;
        more[index] = other - each[index];
    }
    printf("%.1f %.1f\n", median(each), median(more));
    return 0;
}

int main(int argc, char **argv)
{
    struct mq_attr attr = {.mq_maxmsg = 4, .mq_msgsize = 16};
    if (argc != 3)
        return 64;
    sem_init(&semaphore, 0, 0);
    queue = mq_open("/shmoo-bench", O_RDWR | O_CREAT, 0600, &attr);
    if (queue < 0)
        return 1;
    mq_unlink("/shmoo-bench");
    for (size_t index = 0; index < sizeof(loops) / sizeof(loops[0]); index++)
        if (strcmp(argv[1], loops[index].name) == 0)
            return measure(loops[index].round, strtol(argv[2], NULL, 10));
    return 64;
}
