/*
 * stuck.c - processes that wait for each other for good, and such that only look like it: stuck SCENARIO
 * prints "ready" once everybody waits, as far as that can be known from here, and stays until it is killed.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* Whatever both processes of a scenario share. */
static struct shared {
    pthread_mutex_t mutex[2];
} * shared;
static int set, pipes[2][2], sockets[2];

static void check(int failed, const char *what)
{
    if (!failed)
        return;
    fprintf(stderr, "stuck: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void operate(unsigned short number, short by)
{
    struct sembuf operation = {.sem_num = number, .sem_op = by};
    check(semop(set, &operation, 1) < 0, "semop");
}

static void make_set(int first, int second)
{
    unsigned short values[] = {(unsigned short)first, (unsigned short)second};
    union {
        unsigned short *array;
    } argument = {.array = values};
    set = semget(IPC_PRIVATE, 2, IPC_CREAT | 0600);
    check(set < 0 || semctl(set, 0, SETALL, argument) < 0, "semget");
}

static void make_mutexes(void)
{
    pthread_mutexattr_t attributes;
    shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    check(shared == MAP_FAILED, "mmap");
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    for (int i = 0; i < 2; i++)
        pthread_mutex_init(&shared->mutex[i], &attributes);
}

static pid_t start(void (*run)(void))
{
    pid_t pid = fork();
    check(pid < 0, "fork");
    if (pid)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    run();
    _exit(0);
}

/* Lets the other process get to its wait; the test looks until it sees what it expects. */
static void give_way(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
}

static void take_first_then_second(void)
{
    operate(0, -1);
    give_way();
    operate(1, -1);
}

static void take_second_then_first(void)
{
    operate(1, -1);
    give_way();
    operate(0, -1);
}

static void semaphores(void)
{
    make_set(1, 1);
    start(take_first_then_second);
    start(take_second_then_first);
}

static void fill_pipe_with_mutex(void)
{
    static char page[4096];
    close(pipes[0][0]);
    pthread_mutex_lock(&shared->mutex[0]);
    for (;;)
        check(write(pipes[0][1], page, sizeof(page)) < 0, "write");
}

static void lock_before_reading(void)
{
    char byte;
    close(pipes[0][1]);
    give_way();
    pthread_mutex_lock(&shared->mutex[0]);
    check(read(pipes[0][0], &byte, 1) < 0, "read");
}

static void close_pipe(void)
{
    close(pipes[0][0]);
    close(pipes[0][1]);
}

static void mutex_and_pipe(void)
{
    make_mutexes();
    check(pipe(pipes[0]) < 0, "pipe");
    start(fill_pipe_with_mutex);
    start(lock_before_reading);
    close_pipe();
}

static void lock_both(int first)
{
    pthread_mutex_lock(&shared->mutex[first]);
    give_way();
    pthread_mutex_lock(&shared->mutex[!first]);
}

static void lock_forwards(void)
{
    lock_both(0);
}

static void lock_backwards(void)
{
    lock_both(1);
}

static void mutexes(void)
{
    make_mutexes();
    start(lock_forwards);
    start(lock_backwards);
}

static void lock_file(void)
{
    int fd = open("/tmp/stuck.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    check(fd < 0 || flock(fd, LOCK_EX) < 0, "flock");
    operate(0, -1);
}

static void take_before_file(void)
{
    operate(0, -1);
    give_way();
    lock_file();
}

static void lock_and_semaphore(void)
{
    make_set(1, 0);
    start(take_before_file);
    start(lock_file);
}

static void hear(int own)
{
    char byte;
    close(sockets[!own]);
    check(read(sockets[own], &byte, 1) < 0, "read");
}

static void hear_first(void)
{
    hear(0);
}

static void hear_second(void)
{
    hear(1);
}

static void both_listen(void)
{
    check(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) < 0, "socketpair");
    start(hear_first);
    start(hear_second);
    close(sockets[0]);
    close(sockets[1]);
}

/* --- what only looks like it --- */

static void await_turn(void)
{
    for (;;) {
        operate(0, -1);
        operate(1, 1);
    }
}

static void await_answer(void)
{
    for (;;)
        operate(1, -1);
}

/* Both have worked, and now both wait for the one that gives them work: the main process. */
static void ping_pong(void)
{
    make_set(1, 0);
    start(await_turn);
    start(await_answer);
}

static void work(void)
{
    for (;;)
        operate(0, -1);
}

/* Several consumers of one semaphore, each of which has taken something. */
static void pool(void)
{
    make_set(2, 0);
    start(work);
    start(work);
    start(work);
}

static void wake_up(int signal_number)
{
    ssize_t written = write(pipes[0][1], "", 1);
    (void)signal_number;
    (void)written;
}

/* Reads the pipe that only its own signal handler writes to. */
static void await_signal(void)
{
    char byte;
    check(pipe(pipes[0]) < 0, "pipe");
    signal(SIGUSR1, wake_up);
    for (;;)
        check(read(pipes[0][0], &byte, 1) < 0 && errno != EINTR, "read");
}

static void self_pipe(void)
{
    start(await_signal);
}

static void lock_timed(int first)
{
    struct timespec end;
    pthread_mutex_lock(&shared->mutex[first]);
    give_way();
    for (;;) {
        clock_gettime(CLOCK_REALTIME, &end);
        end.tv_sec += 3600;
        pthread_mutex_timedlock(&shared->mutex[!first], &end);
    }
}

static void lock_forwards_timed(void)
{
    lock_timed(0);
}

static void lock_backwards_timed(void)
{
    lock_timed(1);
}

/* In a circle, but each gives up in an hour. */
static void timed(void)
{
    make_mutexes();
    start(lock_forwards_timed);
    start(lock_backwards_timed);
}

static void read_pipe(void)
{
    char byte;
    close(pipes[0][1]);
    check(read(pipes[0][0], &byte, 1) < 0, "read");
}

static void idle_with_pipe(void)
{
    close(pipes[0][0]);
    poll(NULL, 0, -1);
}

/* A consumer whose producer has nothing to say. */
static void idle_producer(void)
{
    check(pipe(pipes[0]) < 0, "pipe");
    start(read_pipe);
    start(idle_with_pipe);
    close_pipe();
}

/* A client that awaits news on one queue and has written to the other, whose reader awaits more of that. */
static int queues[2];

static void serve(void)
{
    struct {
        long type;
        char text[1];
    } message = {.type = 1};
    check(msgrcv(queues[0], &message, sizeof(message.text), 0, 0) < 0, "msgrcv");
    check(msgsnd(queues[1], &message, sizeof(message.text), 0) < 0, "msgsnd");
    check(msgrcv(queues[0], &message, sizeof(message.text), 0, 0) < 0, "msgrcv");
}

static void subscribe(void)
{
    struct {
        long type;
        char text[1];
    } message = {.type = 1};
    check(msgsnd(queues[0], &message, sizeof(message.text), 0) < 0, "msgsnd");
    for (int i = 0; i < 2; i++)
        check(msgrcv(queues[1], &message, sizeof(message.text), 0, 0) < 0, "msgrcv");
}

static void subscriber(void)
{
    for (int i = 0; i < 2; i++)
        check((queues[i] = msgget(IPC_PRIVATE, IPC_CREAT | 0600)) < 0, "msgget");
    start(serve);
    start(subscribe);
}

static const struct {
    const char *name;
    void (*start)(void);
} scenarios[] = {
    {"semaphores",         semaphores        },
    {"mutex-and-pipe",     mutex_and_pipe    },
    {"mutexes",            mutexes           },
    {"lock-and-semaphore", lock_and_semaphore},
    {"both-listen",        both_listen       },
    {"ping-pong",          ping_pong         },
    {"pool",               pool              },
    {"self-pipe",          self_pipe         },
    {"timed",              timed             },
    {"idle-producer",      idle_producer     },
    {"subscriber",         subscriber        },
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
        if (strcmp(scenarios[i].name, argv[1]) != 0)
            continue;
        scenarios[i].start();
        puts("ready");
        fflush(stdout);
        pause();
    }
    return 2;
}
