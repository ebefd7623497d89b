/* libpthread.c - stands for the libpthread.so.0 of glibc before 2.34 when behave_old is linked; never loaded.
 */
#define STAND_IN(name) \
    void name(void);   \
    void name(void)    \
    {                  \
    }

STAND_IN(sem_init)
STAND_IN(sem_wait)
STAND_IN(sem_post)
STAND_IN(pthread_create)
STAND_IN(pthread_join)
STAND_IN(pthread_cancel)
STAND_IN(pthread_mutex_init)
STAND_IN(pthread_mutex_lock)
STAND_IN(pthread_mutex_trylock)
STAND_IN(pthread_mutex_unlock)
STAND_IN(pthread_mutex_consistent)
STAND_IN(pthread_mutexattr_init)
STAND_IN(pthread_mutexattr_setpshared)
STAND_IN(pthread_mutexattr_setrobust)
