/*
 * source_poll.c - see source_poll.h. poll(2) and select(2) leave their arrays as they were until they return,
 * so the thread's memory tells; what an epoll instance watches is in its fdinfo (ep_show_fdinfo() in
 * fs/eventpoll.c).
 */
#include "probes/source_poll.h"

#include "common/cleanup.h"
#include "common/scan.h"
#include "common/strbuf.h"
#include "probes/collection.h"
#include "probes/parse.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/select.h>

/* Who watches more waits for some of the first of them as well. */
enum { WATCHED_MAX = 1024 };

static int add(polled_list *list, int fd, uint8_t access)
{
    struct polled *polled = array_push(list);
    if (!polled)
        return -ENOMEM;
    *polled = (struct polled){.fd = fd, .access = access};
    return 0;
}

static bool read_memory(struct collection *collection, const struct holder *holder, uint64_t address,
                        void *buffer, size_t length)
{
    int r =
        collection->kernel->ops->memory(collection->kernel, holder->process.through, address, buffer, length);
    if (r < 0 && r != -EFAULT)
        collection_process_error(collection, "memory", r);
    return r == 0;
}

static int see_poll(struct collection *collection, const struct holder *holder, const struct wait *wait,
                    polled_list *list)
{
    uint64_t count = wait->arguments[1] < WATCHED_MAX ? wait->arguments[1] : WATCHED_MAX;
    AUTO_FREE struct pollfd *watched = calloc(count + 1, sizeof(*watched));
    if (!watched)
        return -ENOMEM;
    if (!count || !read_memory(collection, holder, wait->arguments[0], watched, count * sizeof(*watched)))
        return 0;
    for (uint64_t i = 0; i < count; i++) {
        uint8_t access = (uint8_t)((watched[i].events & (POLLIN | POLLRDNORM) ? EDGE_READ : 0) |
                                   (watched[i].events & (POLLOUT | POLLWRNORM) ? EDGE_WRITE : 0));
        if (watched[i].fd >= 0 && add(list, watched[i].fd, access) < 0)
            return -ENOMEM;
    }
    return 0;
}

static int see_select(struct collection *collection, const struct holder *holder, const struct wait *wait,
                      polled_list *list)
{
    fd_set sets[2] = {0};
    int count = wait->arguments[0] < FD_SETSIZE ? (int)wait->arguments[0] : FD_SETSIZE;
    size_t words = ((size_t)count + 8 * sizeof(long) - 1) / (8 * sizeof(long));
    for (size_t i = 0; i < COUNT_OF(sets); i++)
        if (words && wait->arguments[1 + i] &&
            !read_memory(collection, holder, wait->arguments[1 + i], &sets[i], words * sizeof(long)))
            return 0;
    for (int fd = 0; fd < count; fd++) {
        uint8_t access =
            (uint8_t)((FD_ISSET(fd, &sets[0]) ? EDGE_READ : 0) | (FD_ISSET(fd, &sets[1]) ? EDGE_WRITE : 0));
        if (access && add(list, fd, access) < 0)
            return -ENOMEM;
    }
    return 0;
}

/* A number that the instance remembers may mean another file by now: the inode tells. */
static bool is_same_file(const struct holder *holder, const struct epoll_line *watched)
{
    const struct fd *fd = holder_fd(holder, (uint64_t)watched->fd);
    return !fd || !fd->status.inode || !watched->inode || fd->status.inode == watched->inode;
}

static int see_epoll(struct collection *collection, const struct holder *holder, const struct wait *wait,
                     polled_list *list)
{
    char path[64];
    AUTO_STRBUF struct strbuf text = {0};
    struct epoll_line watched;
    snprintf(path, sizeof(path), "proc/%d/fdinfo/%d", holder->process.through, (int)wait->arguments[0]);
    int r = collection->kernel->ops->read(collection->kernel, path, &text);
    if (r < 0)
        collection_process_error(collection, "fdinfo", r);
    struct scan scan = scan_bytes(strbuf_text(&text), text.length), line;
    while (list->count < WATCHED_MAX && scan_line(&scan, &line)) {
        if (!parse_epoll_line(line, &watched) || !is_same_file(holder, &watched))
            continue;
        uint8_t access = (uint8_t)((watched.events & (EPOLLIN | EPOLLRDNORM) ? EDGE_READ : 0) |
                                   (watched.events & (EPOLLOUT | EPOLLWRNORM) ? EDGE_WRITE : 0));
        if (add(list, watched.fd, access) < 0)
            return -ENOMEM;
    }
    return 0;
}

static const struct {
    enum wait_target target;
    int (*see)(struct collection *collection, const struct holder *holder, const struct wait *wait,
               polled_list *list);
} sorts[] = {
    {WAIT_POLL,   see_poll  },
    {WAIT_SELECT, see_select},
    {WAIT_EPOLL,  see_epoll },
};

bool source_poll_concerns(const struct wait *wait)
{
    for (size_t i = 0; i < COUNT_OF(sorts); i++)
        if (sorts[i].target == wait->call->target)
            return true;
    return false;
}

int source_poll(struct collection *collection, const struct holder *holder, const struct wait *wait,
                polled_list *list)
{
    for (size_t i = 0; i < COUNT_OF(sorts); i++)
        if (sorts[i].target == wait->call->target)
            return sorts[i].see(collection, holder, wait, list);
    return 0;
}
