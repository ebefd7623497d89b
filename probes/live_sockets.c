/*
 * live_sockets.c - unix sockets by sock_diag(7), which tells peers and queues that /proc/net/unix does not.
 */
#include "common/array.h"
#include "common/cleanup.h"
#include "probes/kernel_live.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

enum { BUFFER_SIZE = 32 * 1024 };

struct diag_request {
    struct nlmsghdr header;
    struct unix_diag_req body;
};

static int send_request(int fd)
{
    struct diag_request request = {
        .header = {.nlmsg_len = sizeof(request),
                   .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                   .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP                                               },
        .body = {.sdiag_family = AF_UNIX,
                   .udiag_states = UINT32_MAX,
                   .udiag_show =
                     UDIAG_SHOW_NAME | UDIAG_SHOW_PEER | UDIAG_SHOW_RQLEN | UDIAG_SHOW_UID | UDIAG_SHOW_VFS},
    };
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    ssize_t sent = sendto(fd, &request, sizeof(request), 0, (struct sockaddr *)&kernel, sizeof(kernel));
    return sent < 0 ? -errno : 0;
}

/* Copies an attribute into a struct, at most its size; a shorter attribute leaves the rest zero. */
static void copy_attribute(void *to, size_t room, const char *data, size_t length)
{
    memset(to, 0, room);
    memcpy(to, data, length < room ? length : room);
}

static void take_attribute(struct unix_socket *socket, unsigned type, const char *data, size_t length)
{
    uint32_t number;
    struct unix_diag_rqlen queues;
    struct unix_diag_vfs file;
    switch (type) {
    case UNIX_DIAG_NAME:
        socket->name = data;
        socket->name_length = length;
        break;
    case UNIX_DIAG_PEER:
        copy_attribute(&number, sizeof(number), data, length);
        socket->peer = number;
        break;
    case UNIX_DIAG_UID:
        copy_attribute(&number, sizeof(number), data, length);
        socket->uid = number;
        break;
    case UNIX_DIAG_RQLEN:
        copy_attribute(&queues, sizeof(queues), data, length);
        socket->receive_queue = queues.udiag_rqueue;
        socket->send_queue = queues.udiag_wqueue;
        break;
    case UNIX_DIAG_VFS:
        copy_attribute(&file, sizeof(file), data, length);
        socket->vfs_inode = file.udiag_vfs_ino;
        socket->vfs_device = file.udiag_vfs_dev;
        break;
    default: break;
    }
}

static int see_message(const struct nlmsghdr *header,
                       int (*see)(void *argument, const struct unix_socket *socket), void *argument)
{
    struct unix_diag_msg message;
    if (header->nlmsg_len < NLMSG_LENGTH(sizeof(message)))
        return 0;
    const char *at = NLMSG_DATA(header);
    const char *end = (const char *)header + header->nlmsg_len;
    memcpy(&message, at, sizeof(message));
    struct unix_socket socket = {
        .inode = message.udiag_ino, .type = message.udiag_type, .state = message.udiag_state};
    at += NLMSG_ALIGN(sizeof(message));
    while (end - at >= (ptrdiff_t)sizeof(struct nlattr)) {
        struct nlattr attribute;
        memcpy(&attribute, at, sizeof(attribute));
        if (attribute.nla_len < NLA_HDRLEN || attribute.nla_len > end - at)
            break;
        take_attribute(&socket, attribute.nla_type, at + NLA_HDRLEN, attribute.nla_len - NLA_HDRLEN);
        ptrdiff_t step = NLA_ALIGN(attribute.nla_len);
        at = step < end - at ? at + step : end;
    }
    return see(argument, &socket);
}

/* Returns 1 at the end of the dump. */
static int see_datagram(const char *buffer, size_t length,
                        int (*see)(void *argument, const struct unix_socket *socket), void *argument)
{
    size_t left = length;
    for (const struct nlmsghdr *header = (const void *)buffer; NLMSG_OK(header, left);
         header = NLMSG_NEXT(header, left)) {
        if (header->nlmsg_type == NLMSG_DONE)
            return 1;
        if (header->nlmsg_type == NLMSG_ERROR) {
            const struct nlmsgerr *error = NLMSG_DATA(header);
            return header->nlmsg_len < NLMSG_LENGTH(sizeof(*error)) || !error->error ? -EPROTO : error->error;
        }
        int r = see_message(header, see, argument);
        if (r < 0)
            return r;
    }
    return 0;
}

int live_unix_sockets(struct kernel *kernel, int (*see)(void *argument, const struct unix_socket *socket),
                      void *argument)
{
    (void)kernel;
    AUTO_FREE char *buffer = malloc(BUFFER_SIZE);
    AUTO_CLOSE int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (!buffer)
        return -ENOMEM;
    if (fd < 0)
        return -errno;
    int r = send_request(fd);
    while (r == 0) {
        ssize_t got = recv(fd, buffer, BUFFER_SIZE, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 ? -errno : -EPROTO;
        r = see_datagram(buffer, (size_t)got, see, argument);
    }
    return r < 0 ? r : 0;
}
