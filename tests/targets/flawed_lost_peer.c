/*
 * flawed_lost_peer.c - lets a child work and waits for a semaphore that says it is done. Flaw: waits for
 * ever, also when the child is dead.
 */
#include "tests/targets/flawed.h"

#include <semaphore.h>
#include <sys/mman.h>
#include <time.h>

struct desk {
    sem_t done;
    int result;
};

static int work(struct desk *desk)
{
    desk->result = 6 * 7;
    return sem_post(&desk->done) < 0 ? complain("sem_post") : 0;
}

#ifdef SOUND
enum { LOOK_EVERY_NS = 100000000, SECOND_NS = 1000000000 };

/* Looks now and then whether the child is still there. What it did before it ended counts. */
static int wait_until_done(struct desk *desk, pid_t child)
{
    siginfo_t ended = {0};
    struct timespec until;
    do {
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += LOOK_EVERY_NS;
        until.tv_sec += until.tv_nsec / SECOND_NS;
        until.tv_nsec %= SECOND_NS;
        if (sem_clockwait(&desk->done, CLOCK_MONOTONIC, &until) == 0)
            return 0;
        if (errno != ETIMEDOUT && errno != EINTR)
            return complain("sem_clockwait");
        if (waitid(P_PID, (id_t)child, &ended, WEXITED | WNOHANG | WNOWAIT) < 0)
            return complain("waitid");
    } while (ended.si_pid != child);
    return sem_trywait(&desk->done) < 0;
}
#else
static int wait_until_done(struct desk *desk, pid_t child)
{
    (void)child;
    return sem_wait(&desk->done) < 0 ? complain("sem_wait") : 0;
}
#endif

int main(void)
{
    struct desk *desk = mmap(NULL, sizeof(*desk), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (desk == MAP_FAILED)
        return complain("mmap");
    if (sem_init(&desk->done, 1, 0) < 0)
        return complain("sem_init");
    pid_t child = fork_child();
    if (child < 0)
        return complain("fork");
    if (child == 0)
        _exit(work(desk));
    int status = wait_until_done(desk, child);
    status |= child_failed(child);
    if (status == 0)
        printf("result %d\n", desk->result);
    sem_destroy(&desk->done);
    return status;
}
