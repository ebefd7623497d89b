/*
 * inject_loop.c - times a loop of IPC calls: `inject_loop LOOP COUNT` prints nanoseconds per round, the best
 * of several tries, which is the one the machine disturbed least.
 */
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

enum { TRIES = 60, SIZE = 4096 };

static mqd_t queue;
static sem_t semaphore;

static bool round_mq(void)
{
    char message[16] = "";
    return mq_send(queue, message, sizeof(message), 0) == 0 &&
           mq_receive(queue, message, sizeof(message), NULL) >= 0;
}

static bool round_sem(void)
{
    return sem_post(&semaphore) == 0 && sem_wait(&semaphore) == 0;
}

static bool round_shm(void)
{
    int fd = shm_open("/shmoo-bench", O_RDWR | O_CREAT, 0600);
    return fd >= 0 && close(fd) == 0 && shm_unlink("/shmoo-bench") == 0;
}

static bool round_sysv(void)
{
    int id = shmget(IPC_PRIVATE, SIZE, 0600);
    void *memory = shmat(id, NULL, 0);
    return memory != (void *)-1 && shmdt(memory) == 0 && shmctl(id, IPC_RMID, NULL) == 0;
}

static bool round_map(void)
{
    void *memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory != MAP_FAILED && munmap(memory, SIZE) == 0;
}

/* Fails by itself, so that a rule that makes it fail costs only the rule. */
static bool round_shmget(void)
{
    return shmget(0x5eed, SIZE, 0) < 0;
}

static bool round_getppid(void)
{
    return syscall(SYS_getppid) > 0;
}

static const struct {
    const char *name;
    bool (*round)(void);
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

static int measure(bool (*round)(void), long count)
{
    double best = 0;
    for (int try = 0; try < TRIES; try++) {
        double start = now();
        for (long index = 0; index < count; index++)
            if (!round())
                return 1;
        double each = (now() - start) / (double)count;
        if (try == 0 || each < best)
            best = each;
    }
    printf("%.1f\n", best);
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
