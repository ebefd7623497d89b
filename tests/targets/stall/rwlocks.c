/* rwlocks.c - process-shared read-write locks whose writer died, or lives; and a mutex that the kernel hands
 * on. */
#include "tests/targets/stall/stall.h"

#include <linux/futex.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void make_rwlock(void)
{
    pthread_rwlockattr_t attributes;
    share();
    pthread_rwlockattr_init(&attributes);
    pthread_rwlockattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    check(pthread_rwlock_init(&shared->rwlock, &attributes) != 0, "rwlock");
}

static void read_it(void)
{
    pthread_rwlock_rdlock(&shared->rwlock);
}

static void write_and_die(void)
{
    pthread_rwlock_wrlock(&shared->rwlock);
    _exit(0);
}

static void write_after_child(void)
{
    siginfo_t how;
    pid_t child = start(write_and_die);
    check(waitid(P_PID, (id_t)child, &how, WEXITED | WNOWAIT) < 0, "waitid");
    start(read_it);
    pthread_rwlock_wrlock(&shared->rwlock);
}

/* The writer is dead; a reader waits on one futex of the lock, another writer on the other. */
void unreaped_writer(void)
{
    make_rwlock();
    start(write_after_child);
}

static void write_and_stay(void)
{
    pthread_rwlock_wrlock(&shared->rwlock);
    meet();
    pause();
}

/* The writer lives, and may give it back. */
void written(void)
{
    make_rwlock();
    start(write_and_stay);
    meet();
    start(read_it);
}

static void lock_and_stay(void)
{
    pthread_mutex_lock(&shared->mutex[0]);
    meet();
    pause();
}

/* Two wait for a mutex that inherits priority and whose owner is killed: the kernel gives it to the first. */
void inherited(void)
{
    pthread_mutexattr_t attributes;
    share();
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    check(pthread_mutex_init(&shared->mutex[0], &attributes) != 0, "mutex");
    pid_t owner = start(lock_and_stay);
    while (!__atomic_load_n(&shared->arrived, __ATOMIC_SEQ_CST))
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    shared->arrived = 0;
    start(lock_and_stay);
    start(lock_and_stay);
    while (!(__atomic_load_n(&shared->mutex[0].__data.__lock, __ATOMIC_SEQ_CST) & (int)FUTEX_WAITERS))
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    check(kill(owner, SIGKILL) < 0 || waitpid(owner, NULL, 0) < 0, "kill");
}
