/* locks.c - semaphores, threads and robust mutexes. */
#include "tests/targets/behave/behave.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static sem_t semaphore;

/* On success errno is what it was. */
int keep_errno(void)
{
    sem_init(&semaphore, 0, 1);
    errno = 77;
    int result = sem_wait(&semaphore) || sem_post(&semaphore);
    printf("%d %d\n", result, errno);
    return 0;
}

static void *unlink_twice(void *saw)
{
    const char **words = saw;
    words[0] = unlink_nothing();
    words[1] = unlink_nothing();
    return NULL;
}

static const char *try_semaphore(sem_t *named)
{
    return named != SEM_FAILED && sem_trywait(named) == 0 ? "0" : strerrorname_np(errno);
}

int semaphores(void)
{
    sem_t *first = sem_open("/shmoo-a", O_CREAT, 0600, 0);
    sem_t *second = sem_open("/shmoo-b", O_CREAT, 0600, 0);
    sem_unlink("/shmoo-a");
    sem_unlink("/shmoo-b");
    const char *seen = try_semaphore(first);
    const char *other = try_semaphore(second);
    sem_close(first);
    printf("%s %s %s\n", seen, other, try_semaphore(second));
    return 0;
}

int two_threads(void)
{
    const char *saw[4];
    for (int index = 0; index < 2; index++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, unlink_twice, saw + 2 * index) || pthread_join(thread, NULL))
            return 1;
    }
    printf("%s %s %s %s\n", saw[0], saw[1], saw[2], saw[3]);
    return 0;
}

/* A robust mutex after an injected EOWNERDEAD: held, then repaired or not. */
static int robust(bool repair)
{
    pthread_mutexattr_t attr;
    pthread_mutex_t mutex;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&mutex, &attr);
    int first = pthread_mutex_lock(&mutex);
    int held = pthread_mutex_trylock(&mutex);
    int repaired = repair ? pthread_mutex_consistent(&mutex) : 0;
    int unlocked = pthread_mutex_unlock(&mutex);
    int second = pthread_mutex_trylock(&mutex);
    printf("%s %s %d %d %s\n", strerrorname_np(first), strerrorname_np(held), repaired, unlocked,
           second ? strerrorname_np(second) : "0");
    return 0;
}

int robust_repaired(void)
{
    return robust(true);
}

int robust_left(void)
{
    return robust(false);
}

static void *wait_for_ever(void *unused)
{
    sem_wait(&semaphore);
    return unused;
}

int cancel(void)
{
    pthread_t thread;
    void *result = NULL;
    sem_init(&semaphore, 0, 0);
    if (pthread_create(&thread, NULL, wait_for_ever, NULL) || pthread_cancel(thread) ||
        pthread_join(thread, &result))
        return 1;
    puts(result == PTHREAD_CANCELED ? "canceled" : "returned");
    return 0;
}
