/*
 * flawed_owner_dead.c - parent and child pay into an account behind a robust mutex. Flaw: after EOWNERDEAD it
 * locks once more, though it has the lock already.
 */
#include "tests/targets/flawed.h"

#include <pthread.h>
#include <sys/mman.h>

struct account {
    pthread_mutex_t mutex;
    int balance;
};

/* All return 0 or the error, as pthread functions do. */
static int lock(struct account *account)
{
    int error = pthread_mutex_lock(&account->mutex);
    if (error != EOWNERDEAD)
        return error;
#ifdef SOUND
    return pthread_mutex_consistent(&account->mutex); /* one addition is never half done */
#else
    return lock(account);
#endif
}

static int pay_in(struct account *account, int amount)
{
    int error = lock(account);
    if (error)
        return error;
    account->balance += amount;
    return pthread_mutex_unlock(&account->mutex);
}

static int open_account(struct account *account)
{
    pthread_mutexattr_t attr;
    int error = pthread_mutexattr_init(&attr);
    if (!error)
        error = pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
    if (!error)
        error = pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
    return error ? error : pthread_mutex_init(&account->mutex, &attr);
}

static int child_pays_in(struct account *account)
{
    int error = pay_in(account, 100);
    return error ? complain_of("the child's payment", error) : 0;
}

int main(void)
{
    struct account *account =
        mmap(NULL, sizeof(*account), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (account == MAP_FAILED)
        return complain("mmap");
    int error = open_account(account);
    if (error)
        return complain_of("open an account", error);
    pid_t child = fork_child();
    if (child < 0)
        return complain("fork");
    if (child == 0)
        _exit(child_pays_in(account));
    if (child_failed(child))
        return 1;
    error = pay_in(account, 10);
    if (error)
        return complain_of("payment", error);
    printf("balance %d\n", account->balance);
    return 0;
}
