/*
 * flawed_fifo_exists.c - takes orders through a FIFO, which it holds open for both reading and writing so
 * that it never ends. Flaw: gives up when there is a FIFO already, so after one crash it never starts again.
 */
#include "tests/targets/flawed.h"

#include <fcntl.h>
#include <sys/stat.h>

static const char orders_path[] = "/dev/shm/flawed-orders";

static int make_fifo(void)
{
#ifdef SOUND
    unlink(orders_path);
#endif
    return mkfifo(orders_path, 0600);
}

static int take_order(void)
{
    char order[16];
    int fd = open(orders_path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return complain("open");
    if (write(fd, "two teas", 8) != 8)
        return complain("write");
    ssize_t length = read(fd, order, sizeof(order));
    if (length < 0)
        return complain("read");
    printf("order: %.*s\n", (int)length, order);
    return 0;
}

int main(void)
{
    if (make_fifo() < 0)
        return complain("mkfifo");
    int status = take_order();
    if (unlink(orders_path) < 0)
        status = complain("unlink");
    return status;
}
