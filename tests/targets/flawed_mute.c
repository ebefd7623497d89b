/*
 * flawed_mute.c - asks how many messages a new queue may hold. Flaw: gives up without a word when there is
 * none.
 */
#include "tests/targets/flawed.h"

#include <fcntl.h>
#include <mqueue.h>

static const char queue_name[] = "/flawed-queue";

static int ask(mqd_t queue)
{
    struct mq_attr attr;
    if (mq_getattr(queue, &attr) < 0)
        return complain("mq_getattr");
    printf("room for %ld messages\n", attr.mq_maxmsg);
    return 0;
}

int main(void)
{
    struct mq_attr attr = {.mq_maxmsg = 2, .mq_msgsize = 32};
    mq_unlink(queue_name);
    mqd_t queue = mq_open(queue_name, O_RDWR | O_CREAT | O_EXCL, 0600, &attr);
    if (queue < 0)
#ifdef SOUND
        return complain("mq_open");
#else
        return 1;
#endif
    int status = ask(queue);
    if (mq_unlink(queue_name) < 0)
        status = complain("mq_unlink");
    return status;
}
