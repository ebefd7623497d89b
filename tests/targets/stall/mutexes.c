/* mutexes.c - over process-shared mutexes: two in the wrong order, robust ones whose owner died. */
#include "tests/targets/stall/stall.h"

#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void lock_both(int first)
{
    pthread_mutex_lock(&shared->mutex[first]);
    meet();
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

void mutexes(void)
{
    make_mutexes(0);
    start(lock_forwards);
    start(lock_backwards);
}

static void lock_and_die(void)
{
    pthread_mutex_lock(&shared->mutex[0]);
    _exit(0);
}

static void lock_after_child(void)
{
    siginfo_t how;
    pid_t child = start(lock_and_die);
    check(waitid(P_PID, (id_t)child, &how, WEXITED | WNOWAIT) < 0, "waitid");
    pthread_mutex_lock(&shared->mutex[0]);
}

/* The owner of the mutex is dead, but who has to wait for its end waits for the mutex. */
void unreaped(void)
{
    make_mutexes(0);
    start(lock_after_child);
}

static void fill_pipe_with_mutex(void)
{
    static char page[4096];
    close(pipes[0][0]);
    pthread_mutex_lock(&shared->mutex[0]);
    meet();
    for (;;)
        check(write(pipes[0][1], page, sizeof(page)) < 0, "write");
}

static void lock_before_reading(void)
{
    char byte;
    close(pipes[0][1]);
    meet();
    pthread_mutex_lock(&shared->mutex[0]);
    check(read(pipes[0][0], &byte, 1) < 0, "read");
}

void mutex_and_pipe(void)
{
    make_mutexes(0);
    check(pipe(pipes[0]) < 0, "pipe");
    start(fill_pipe_with_mutex);
    start(lock_before_reading);
    close_pipe();
}

static void lock_timed(int first)
{
    struct timespec end;
    pthread_mutex_lock(&shared->mutex[first]);
    meet();
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
void timed(void)
{
    make_mutexes(0);
    start(lock_forwards_timed);
    start(lock_backwards_timed);
}

/* --- robust mutexes --- */

static void lock_and_stay(void)
{
    pthread_mutex_lock(&shared->mutex[0]);
    meet();
    pause();
}

/* Whether threads wait for the mutex, by its own word. */
static int is_awaited(void)
{
    return __atomic_load_n(&shared->mutex[0].__data.__lock, __ATOMIC_SEQ_CST) & FUTEX_WAITERS;
}

static void kill_and_wait(pid_t pid)
{
    check(kill(pid, SIGKILL) < 0 || waitpid(pid, NULL, 0) < 0, "kill");
}

/* A lock of another make, which knows nothing of dead owners: woken to recover, it just waits again. */
static void wait_without_recovering(void)
{
    int *word = &shared->mutex[0].__data.__lock;
    for (;;) {
        int value = __atomic_or_fetch(word, (int)FUTEX_WAITERS, __ATOMIC_SEQ_CST);
        syscall(SYS_futex, word, FUTEX_WAIT, value, NULL, NULL, 0);
    }
}

/* The owner dies, the kernel marks the mutex and wakes one thread, and that one does not take it. */
void abandoned(void)
{
    make_mutexes(1);
    pid_t owner = start(lock_and_stay);
    meet();
    start(wait_without_recovering);
    while (!is_awaited())
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    kill_and_wait(owner);
    check(munmap(shared, sizeof(*shared)) < 0, "munmap");
}

static void lock_and_recover(void)
{
    if (pthread_mutex_lock(&shared->mutex[0]) == EOWNERDEAD)
        pthread_mutex_consistent(&shared->mutex[0]);
    pthread_mutex_unlock(&shared->mutex[0]);
    operate(0, -1);
}

/* The owner dies, and the next in turn recovers the mutex and goes on. */
void recovered(void)
{
    make_set(0, 0);
    make_mutexes(1);
    pid_t owner = start(lock_and_stay);
    meet();
    start(lock_and_recover);
    while (!is_awaited())
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    kill_and_wait(owner);
}

/* --- conditions, and what only looks like a mutex --- */

static void await_condition(void)
{
    pthread_mutex_lock(&shared->mutex[0]);
    shared->arrived++;
    pthread_cond_wait(&shared->condition, &shared->mutex[0]);
}

/* They count as users of the mutex that somebody locks and dies with. */
static void lock_after_conditions(void)
{
    start(await_condition);
    start(await_condition);
    while (__atomic_load_n(&shared->arrived, __ATOMIC_SEQ_CST) < 2)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    lock_after_child();
}

void unreaped_with_conditions(void)
{
    pthread_condattr_t attributes;
    make_mutexes(0);
    pthread_condattr_init(&attributes);
    pthread_condattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_cond_init(&shared->condition, &attributes);
    start(lock_after_conditions);
}

/* A ring: how often something was written, where from and where to, who waits, how much it holds. */
struct ring {
    uint32_t written, first, next, waiters, capacity;
};

static void await_writer(void)
{
    struct ring *ring = (struct ring *)shared;
    *ring = (struct ring){.written = 1000, .next = INT32_MAX, .waiters = 1, .capacity = 128};
    syscall(SYS_futex, &ring->written, FUTEX_WAIT, 1000, NULL, NULL, 0);
}

static void idle_with_ring(void)
{
    pause();
}

void like_a_mutex(void)
{
    share();
    start(await_writer);
    start(idle_with_ring);
}
