/*
 * flawed_left_helper.c - has a helper in the background while it works with a queue. Flaw: when the queue
 * cannot be opened, the helper goes on for ever.
 */
#include "tests/targets/flawed.h"

#include <fcntl.h>
#include <mqueue.h>

static const char queue_name[] = "/flawed-work";

static pid_t start_helper(void)
{
    pid_t helper = fork();
    while (helper == 0)
        pause();
    return helper;
}

static int end_helper(pid_t helper)
{
    if (kill(helper, SIGTERM) < 0 && kill(helper, SIGKILL) < 0)
        return complain("kill");
    return waitpid(helper, NULL, 0) < 0 ? complain("waitpid") : 0;
}

static int work(mqd_t queue)
{
    struct mq_attr attr;
    if (mq_getattr(queue, &attr) < 0)
        return complain("mq_getattr");
    printf("%ld messages to do\n", attr.mq_curmsgs);
    return 0;
}

int main(void)
{
    pid_t helper = start_helper();
    if (helper < 0)
        return complain("fork");
    mq_unlink(queue_name);
    mqd_t queue = mq_open(queue_name, O_RDWR | O_CREAT | O_EXCL, 0600, NULL);
    if (queue < 0) {
        complain("mq_open");
#ifdef SOUND
        end_helper(helper);
#endif
        return 1;
    }
    int status = work(queue);
    if (mq_unlink(queue_name) < 0)
        status = complain("mq_unlink");
    status |= end_helper(helper);
    return status;
}
