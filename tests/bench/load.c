/*
 * load.c - the machine that `make bench` measures on: PROCESSES processes with about 120 mappings and a dozen
 * descriptors each, and OBJECTS objects of the kinds `shmoo list` shows by default, a few of them in use by
 * each process. To be run in namespaces of its own; says "ready" and stays until stdin closes.
 */
#include "common/array.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

enum { MAPPINGS = 116, DESCRIPTORS = 8, PAGE = 4096, SEGMENTS = 2 };

static void make_sysv_shm(int number)
{
    if (shmget(0x100000 + number, PAGE * 16, IPC_CREAT | 0600) < 0)
        err(1, "shmget");
}

static void make_sysv_sem(int number)
{
    if (semget(0x100000 + number, 2, IPC_CREAT | 0600) < 0)
        err(1, "semget");
}

static void make_sysv_msg(int number)
{
    if (msgget(0x100000 + number, IPC_CREAT | 0600) < 0)
        err(1, "msgget");
}

static int open_posix_shm(int number)
{
    char name[64];
    snprintf(name, sizeof(name), "/segment-%d", number);
    int fd = shm_open(name, O_RDWR | O_CREAT, 0600);
    if (fd < 0 || ftruncate(fd, PAGE * 16) < 0)
        err(1, "%s", name);
    return fd;
}

static void make_posix_shm(int number)
{
    close(open_posix_shm(number));
}

static void make_posix_sem(int number)
{
    char name[64];
    snprintf(name, sizeof(name), "/semaphore-%d", number);
    sem_t *semaphore = sem_open(name, O_CREAT, 0600, 1);
    if (semaphore == SEM_FAILED)
        err(1, "%s", name);
    sem_close(semaphore);
}

static void make_posix_mq(int number)
{
    char name[64];
    struct mq_attr attributes = {.mq_maxmsg = 4, .mq_msgsize = 64};
    snprintf(name, sizeof(name), "/queue-%d", number);
    mqd_t queue = mq_open(name, O_RDWR | O_CREAT, 0600, &attributes);
    if (queue < 0)
        err(1, "%s", name);
    mq_close(queue);
}

static void (*const makers[])(int number) = {make_sysv_shm,  make_sysv_sem,  make_sysv_msg,
                                             make_posix_shm, make_posix_sem, make_posix_mq};

/* Private mappings of a file and of nothing by turns, so that the kernel cannot merge neighbours. */
static void map_much(int file)
{
    for (int i = 0; i < MAPPINGS - 16; i++) {
        int flags = MAP_PRIVATE | (i % 2 ? MAP_ANONYMOUS : 0);
        int access = i % 3 ? PROT_READ : PROT_READ | PROT_WRITE;
        if (mmap(NULL, PAGE * 2, access, flags, i % 2 ? -1 : file, 0) == MAP_FAILED)
            err(1, "mmap");
    }
}

static void open_some(void)
{
    for (int i = 0; i < DESCRIPTORS; i += 2) {
        int ends[2];
        if (open("/dev/null", O_RDWR) < 0 || (i == 0 && pipe(ends) < 0))
            err(1, "descriptors");
    }
}

static void use_objects(int number, int per_kind)
{
    for (int i = 0; i < SEGMENTS; i++) {
        int fd = open_posix_shm((number + i) % per_kind);
        int id = shmget(0x100000 + (number + i) % per_kind, 0, 0);
        if (mmap(NULL, PAGE * 16, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED || id < 0 ||
            shmat(id, NULL, 0) == (void *)-1)
            err(1, "attach");
        if (i)
            close(fd);
    }
    int memory = memfd_create("bench", MFD_CLOEXEC);
    if (memory < 0 || ftruncate(memory, PAGE) < 0 ||
        mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0) == MAP_FAILED)
        err(1, "memfd");
}

static void run_process(int number, int per_kind, int file, int ready)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    /* What the caller left open is not part of the picture. */
    close_range((unsigned)(file > ready ? file : ready) + 1, ~0u, 0);
    map_much(file);
    open_some();
    use_objects(number, per_kind);
    if (write(ready, "r", 1) != 1)
        _exit(1);
    for (;;)
        pause();
}

int main(int argc, char **argv)
{
    int processes = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 1000;
    int objects = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 3000;
    int per_kind = objects / (int)COUNT_OF(makers), ready[2];
    for (size_t kind = 0; kind < COUNT_OF(makers); kind++)
        for (int i = 0; i < per_kind; i++)
            makers[kind](i);
    int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (file < 0 || pipe2(ready, O_CLOEXEC) < 0)
        err(1, "start");
    for (int i = 0; i < processes; i++) {
        pid_t pid = fork();
        if (pid < 0)
            err(1, "fork");
        if (pid == 0)
            run_process(i, per_kind, file, ready[1]);
    }
    close(ready[1]);
    char byte;
    for (int i = 0; i < processes; i++)
        if (read(ready[0], &byte, 1) != 1)
            errx(1, "a process died");
    puts("ready");
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        ;
    return 0;
}
