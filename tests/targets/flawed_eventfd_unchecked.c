/*
 * flawed_eventfd_unchecked.c - looks whether events are waiting for it. Flaw: does not look whether it has an
 * eventfd; of a descriptor of -1, poll says that nothing happened.
 */
#include "tests/targets/flawed.h"

#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>

static int open_events(void)
{
    return eventfd(3, EFD_CLOEXEC);
}

static int take_events(int fd)
{
    uint64_t events = 0;
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    if (poll(&ready, 1, 0) < 0)
        return complain("poll");
    if (ready.revents && read(fd, &events, sizeof(events)) != sizeof(events))
        return complain("read");
    printf("%d events\n", (int)events);
    return 0;
}

int main(void)
{
    int fd = open_events();
#ifdef SOUND
    if (fd < 0)
        return complain("eventfd");
#endif
    return take_events(fd);
}
