/* semaphores.c - over System V semaphores: two in the wrong order, and waits that are work to come. */
#include "tests/targets/stall/stall.h"

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void take_first_then_second(void)
{
    operate(0, -1);
    meet();
    operate(1, -1);
}

static void take_second_then_first(void)
{
    operate(1, -1);
    meet();
    operate(0, -1);
}

void semaphores(void)
{
    share();
    make_set(1, 1);
    start(take_first_then_second);
    start(take_second_then_first);
}

static void produce(void)
{
    for (;;) {
        operate(2, 1);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
}

static void consume(void)
{
    for (;;)
        operate(2, -1);
}

/* The third semaphore of the set goes its way, and whoever waits for that one is not stuck. */
void semaphores_beside_work(void)
{
    semaphores();
    start(consume);
    start(produce);
}

static void take_both_and_end(void)
{
    operate(0, -1);
    operate(1, -1);
}

static void take_first(void)
{
    operate(0, -1);
}

static void take_second(void)
{
    operate(1, -1);
}

/* The one who took two of the set died; others go on with the third. */
void dead_holder_beside_work(void)
{
    make_set(1, 1);
    check(waitpid(start(take_both_and_end), NULL, 0) < 0, "waitpid");
    start(take_first);
    start(take_second);
    start(consume);
    start(produce);
}

static void await_turn(void)
{
    for (;;) {
        operate(0, -1);
        operate(1, 1);
    }
}

static void await_answer(void)
{
    for (;;)
        operate(1, -1);
}

/* Both have worked, and now both wait for the one that gives them work: the main process. */
void ping_pong(void)
{
    make_set(1, 0);
    start(await_turn);
    start(await_answer);
}

static void work(void)
{
    for (;;)
        operate(0, -1);
}

/* Several consumers of one semaphore, each of which has taken something. */
void pool(void)
{
    make_set(2, 0);
    start(work);
    start(work);
    start(work);
}

static void await_two(void)
{
    operate(0, -2);
}

/* A semaphore as a condition: the one who posted last lives, and will post the rest some day. */
void condition(void)
{
    make_set(0, 0);
    operate(0, 1);
    start(work);
    start(await_two);
}

static void work_once(void)
{
    operate(0, -1);
}

/* Each consumer takes one piece of work and ends; the next waits for more. */
void one_shot_consumers(void)
{
    make_set(0, 0);
    operate(0, 1);
    check(waitpid(start(work_once), NULL, 0) < 0, "waitpid");
    start(work_once);
}
