/*
 * flawed_length_unchecked.c - adds up the bytes of a message, if there is one. Flaw: takes the -1 of an empty
 * queue for a length.
 */
#include "tests/targets/flawed.h"

#include <fcntl.h>
#include <mqueue.h>

enum { MESSAGE = 128 };

static const char bytes_name[] = "/flawed-bytes";

static unsigned add_up(const char *bytes, size_t length)
{
    unsigned sum = 0;
    for (size_t index = 0; index < length; index++)
        sum += (unsigned char)bytes[index];
    return sum;
}

static int receive(mqd_t queue)
{
    char message[MESSAGE];
#ifdef SOUND
    ssize_t length = mq_receive(queue, message, sizeof(message), NULL);
    if (length < 0)
        return complain("mq_receive");
#else
    size_t length = (size_t)mq_receive(queue, message, sizeof(message), NULL);
#endif
    printf("the bytes add up to %u\n", add_up(message, length));
    return 0;
}

int main(void)
{
    struct mq_attr attr = {.mq_maxmsg = 1, .mq_msgsize = MESSAGE};
    mq_unlink(bytes_name);
    mqd_t queue = mq_open(bytes_name, O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK, 0600, &attr);
    if (queue < 0)
        return complain("mq_open");
    int status = mq_send(queue, "some bytes", 10, 0) < 0 ? complain("mq_send") : receive(queue);
    if (mq_unlink(bytes_name) < 0)
        status = complain("mq_unlink");
    return status;
}
