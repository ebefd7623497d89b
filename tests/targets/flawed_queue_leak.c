/*
 * flawed_queue_leak.c - sends a job and gets its result through two message queues. Flaw: when the second
 * cannot be made, the first is left behind.
 */
#include "tests/targets/flawed.h"

#include <fcntl.h>
#include <mqueue.h>

enum { MESSAGE = 64 };

static const char jobs_name[] = "/flawed-jobs", results_name[] = "/flawed-results";

static mqd_t open_queue(const char *name)
{
    struct mq_attr attr = {.mq_maxmsg = 1, .mq_msgsize = MESSAGE};
    mq_unlink(name);
    return mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attr);
}

static int remove_queue(const char *name)
{
    return mq_unlink(name) < 0 ? complain("mq_unlink") : 0;
}

static int pass_on(mqd_t from, mqd_t to)
{
    char message[MESSAGE];
    ssize_t length = mq_receive(from, message, sizeof(message), NULL);
    if (length < 0)
        return complain("mq_receive");
    return mq_send(to, message, (size_t)length, 0) < 0 ? complain("mq_send") : 0;
}

static int work(mqd_t jobs, mqd_t results)
{
    char result[MESSAGE];
    if (mq_send(jobs, "6 * 7", 5, 0) < 0)
        return complain("mq_send");
    if (pass_on(jobs, results))
        return 1;
    ssize_t length = mq_receive(results, result, sizeof(result), NULL);
    if (length < 0)
        return complain("mq_receive");
    printf("done: %.*s\n", (int)length, result);
    return 0;
}

int main(void)
{
    mqd_t jobs = open_queue(jobs_name);
    if (jobs < 0)
        return complain("mq_open");
    mqd_t results = open_queue(results_name);
    if (results < 0) {
        complain("mq_open");
#ifdef SOUND
        remove_queue(jobs_name);
#endif
        return 1;
    }
    int status = work(jobs, results);
    status |= remove_queue(jobs_name);
    status |= remove_queue(results_name);
    return status;
}
