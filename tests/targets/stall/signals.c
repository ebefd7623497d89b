/* signals.c - waits that handlers of signals end: by interrupting them, by posting, by a word to the other.
 */
#include "tests/targets/stall/stall.h"

#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

static sem_t *gate;
static int ends[2];

/* So that calls end with EINTR. */
static void handle(int signal_number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    check(sigaction(signal_number, &action, NULL) < 0, "sigaction");
}

static void wake_up(int signal_number)
{
    (void)signal_number;
}

static void lock_until_alarm(const char *first, const char *second)
{
    int held = open(first, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int wanted = open(second, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    check(held < 0 || wanted < 0 || flock(held, LOCK_EX) < 0, "flock");
    handle(SIGALRM, wake_up);
    alarm(3600);
    meet();
    check(flock(wanted, LOCK_EX) < 0, "flock");
}

static void lock_forwards(void)
{
    lock_until_alarm("/tmp/stall.first", "/tmp/stall.second");
}

static void lock_backwards(void)
{
    lock_until_alarm("/tmp/stall.second", "/tmp/stall.first");
}

/* In a circle, but each gives up in an hour: flock(2) takes no time limit. */
void alarmed(void)
{
    share();
    start(lock_forwards);
    start(lock_backwards);
}

static void post(int signal_number)
{
    (void)signal_number;
    sem_post(gate);
}

static void await_post(void)
{
    handle(SIGTERM, post);
    while (sem_wait(gate) < 0)
        check(errno != EINTR, "sem_wait");
}

/* A daemon that has nothing to do until it is told to end. */
void posted_by_handler(void)
{
    gate = mmap(NULL, sizeof(*gate), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    check(gate == MAP_FAILED || sem_init(gate, 1, 0) < 0, "sem_init");
    start(await_post);
    check(munmap(gate, sizeof(*gate)) < 0, "munmap");
}

static void speak(int signal_number)
{
    (void)signal_number;
    check(write(ends[0], "x", 1) < 0, "write");
}

static void supervise(void)
{
    char answer;
    handle(SIGHUP, speak);
    close(ends[1]);
    while (read(ends[0], &answer, 1) < 0)
        check(errno != EINTR, "read");
}

static void obey(void)
{
    char order;
    close(ends[0]);
    check(read(ends[1], &order, 1) < 0, "read");
}

/* Two at rest: one passes on to the other what signals ask for. */
void supervised(void)
{
    check(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0, "socketpair");
    start(supervise);
    start(obey);
    close(ends[0]);
    close(ends[1]);
}
