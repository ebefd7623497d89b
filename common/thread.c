/* thread.c - see thread.h. A thread begins with the mask of the one that made it, see pthread_create(3). */
#include "common/thread.h"

#include <signal.h>

int thread_start(pthread_t *ret_thread, const pthread_attr_t *attributes, void *(*run)(void *argument),
                 void *argument)
{
    sigset_t all, before;
    sigfillset(&all);
    sigdelset(&all, SIGBUS); /* a fault is the thread's own: blocked, it ends the process, see signal(7) */
    pthread_sigmask(SIG_BLOCK, &all, &before);
    int r = pthread_create(ret_thread, attributes, run, argument);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return -r;
}
