/* storms.c - many signals, threads, forks and libraries at once. */
#include "tests/targets/behave/behave.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STORM_FORKS = 200, THREADS = 64, THREAD_FORKS = 5, DLOPENS = 500 };

static sem_t semaphore;
static volatile sig_atomic_t handled, storming;
static const struct itimerval soon = {.it_value.tv_usec = 200};

int dlopen_storm(void)
{
    for (int index = 0; index < DLOPENS; index++) {
        void *library = dlopen("libutil.so.1", RTLD_NOW);
        if (!library || dlclose(library))
            return 1;
        unlink_nothing();
    }
    puts("done");
    return 0;
}

/* The next signal is asked for when this one is dealt with: at a fixed rate, a machine on which that takes
 * longer would get no further, as fork(2) begins again for each. */
static void on_alarm(int signo)
{
    int saved = errno;
    (void)signo;
    sem_post(&semaphore);
    if (shm_unlink("/shmoo-no-such") == 0)
        abort();
    handled++;
    if (storming)
        setitimer(ITIMER_REAL, &soon, NULL);
    errno = saved;
}

/* Signals arrive everywhere, in wrappers and between fork and exec, and their handler makes calls itself. */
int signal_storm(void)
{
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    sem_init(&semaphore, 0, 0);
    sigaction(SIGALRM, &action, NULL);
    storming = 1;
    setitimer(ITIMER_REAL, &soon, NULL);
    for (int index = 0; index < STORM_FORKS; index++) {
        pid_t pid = fork();
        if (pid == 0) {
            unlink_nothing();
            _exit(0);
        }
        int status;
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
            ;
        if (!WIFEXITED(status) || WEXITSTATUS(status))
            return 1;
    }
    /* A busy machine may have delivered none yet. */
    while (!handled)
        unlink_nothing();
    storming = 0;
    puts("done");
    return 0;
}

static void *fork_some(void *failed)
{
    for (int index = 0; index < THREAD_FORKS; index++) {
        int status = 1;
        pid_t pid = fork();
        if (pid == 0) {
            unlink_nothing();
            _exit(0);
        }
        unlink_nothing();
        if (waitpid(pid, &status, 0) != pid || status)
            *(_Atomic bool *)failed = true;
    }
    return NULL;
}

int thread_storm(void)
{
    pthread_t threads[THREADS];
    _Atomic bool failed = false;
    for (int index = 0; index < THREADS; index++)
        if (pthread_create(&threads[index], NULL, fork_some, &failed))
            return 1;
    for (int index = 0; index < THREADS; index++)
        pthread_join(threads[index], NULL);
    puts(failed ? "failed" : "done");
    return failed;
}
