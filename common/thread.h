/* thread.h - threads that work for another one. */
#pragma once

#include <pthread.h>

/*
 * Starts a thread that no signal is delivered to but its own SIGBUS (vanishing.h): they are for the thread
 * that starts it. `attributes` may be NULL. Returns 0 or -errno.
 */
int thread_start(pthread_t *ret_thread, const pthread_attr_t *attributes, void *(*run)(void *argument),
                 void *argument);
