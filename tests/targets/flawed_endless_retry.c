/*
 * flawed_endless_retry.c - a client that waits for the queue of its server. Flaw: tries for ever, whatever
 * the reason.
 */
#include "tests/targets/flawed.h"

#include <fcntl.h>
#include <mqueue.h>
#include <time.h>

enum { TRIES = 20 };

static const struct timespec pause_between = {.tv_nsec = 1000000};
static const char service_name[] = "/flawed-service";

static mqd_t connect_to_service(void)
{
    mqd_t queue = -1;
#ifdef SOUND
    for (int try = 0; try < TRIES && queue < 0; try++) {
#else
    while (queue < 0) {
#endif
        queue = mq_open(service_name, O_WRONLY);
        if (queue < 0)
            clock_nanosleep(CLOCK_MONOTONIC, 0, &pause_between, NULL);
    }
    return queue;
}

static int ask_service(mqd_t service)
{
    char question[32];
    mqd_t client = connect_to_service();
    if (client < 0)
        return complain("no connection");
    if (mq_send(client, "what time is it?", 16, 0) < 0)
        return complain("mq_send");
    ssize_t length = mq_receive(service, question, sizeof(question), NULL);
    if (length < 0)
        return complain("mq_receive");
    printf("asked: %.*s\n", (int)length, question);
    return 0;
}

int main(void)
{
    struct mq_attr attr = {.mq_maxmsg = 1, .mq_msgsize = 32};
    mq_unlink(service_name);
    mqd_t service = mq_open(service_name, O_RDONLY | O_CREAT | O_EXCL, 0600, &attr);
    if (service < 0)
        return complain("mq_open");
    int status = ask_service(service);
    if (mq_unlink(service_name) < 0)
        status = complain("mq_unlink");
    return status;
}
