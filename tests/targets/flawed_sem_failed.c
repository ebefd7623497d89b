/*
 * flawed_sem_failed.c - counts what it does in a named semaphore. Flaw: takes -1 for what sem_open returns
 * when it fails; it is NULL.
 */
#include "tests/targets/flawed.h"

#include <fcntl.h>
#include <semaphore.h>

static const char counter_name[] = "/flawed-counter";

static int count(sem_t *counter)
{
    int value;
    for (int step = 0; step < 3; step++)
        if (sem_post(counter) < 0)
            return complain("sem_post");
    if (sem_getvalue(counter, &value) < 0)
        return complain("sem_getvalue");
    printf("%d steps\n", value);
    return 0;
}

int main(void)
{
#ifdef SOUND
    const sem_t *failed = SEM_FAILED;
#else
    const sem_t *failed = (sem_t *)-1;
#endif
    sem_unlink(counter_name);
    sem_t *counter = sem_open(counter_name, O_CREAT | O_EXCL, 0600, 0);
    if (counter == failed)
        return complain("sem_open");
    int status = count(counter);
    sem_close(counter);
    if (sem_unlink(counter_name) < 0)
        status = complain("sem_unlink");
    return status;
}
