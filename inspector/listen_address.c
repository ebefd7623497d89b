/* listen_address.c - see listen_address.h. */
#include "inspector/listen_address.h"

#include "common/cleanup.h"
#include "common/units.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* What is before the last colon, without brackets, and what is after it. */
static int split(const char *where, char *host, size_t room, const char **ret_port)
{
    const char *colon = strrchr(where, ':');
    size_t length = colon ? (size_t)(colon - where) : 0;
    uint64_t number;
    *ret_port = colon ? colon + 1 : where;
    if (units_parse_number(*ret_port, &number) < 0 || number > UINT16_MAX)
        return -EINVAL;
    bool brackets = length > 2 && where[0] == '[' && where[length - 1] == ']';
    if (!brackets && memchr(where, ':', length))
        return -EINVAL;
    if (brackets) {
        where++;
        length -= 2;
    }
    if (length >= room)
        return -EINVAL;
    snprintf(host, room, "%.*s", length ? (int)length : (int)strlen("127.0.0.1"),
             length ? where : "127.0.0.1");
    return 0;
}

static int look_up(const char *where, struct addrinfo **ret_address)
{
    char host[INET6_ADDRSTRLEN + 16]; /* with a scope */
    const char *port;
    const struct addrinfo wanted = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
    int r = split(where, host, sizeof(host), &port);
    if (r < 0)
        return r;
    r = getaddrinfo(host, port, &wanted, ret_address);
    return r == 0 ? 0 : r == EAI_MEMORY ? -ENOMEM : -EINVAL;
}

static int listen_on(const struct addrinfo *address, int backlog)
{
    const int on = 1;
    AUTO_CLOSE int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
        bind(fd, address->ai_addr, address->ai_addrlen) < 0 || listen(fd, backlog) < 0)
        return -errno;
    return take_fd(&fd);
}

int listen_at(const char *where, int backlog, int *ret_fd, bool *ret_ipv6)
{
    struct addrinfo *address;
    int r = look_up(where, &address);
    if (r < 0)
        return r;
    int fd = listen_on(address, backlog);
    bool ipv6 = address->ai_family == AF_INET6;
    freeaddrinfo(address);
    if (fd < 0)
        return fd;
    *ret_fd = fd;
    *ret_ipv6 = ipv6;
    return 0;
}

int listen_address(int fd, char *ret_text)
{
    union {
        struct sockaddr any;
        struct sockaddr_in ipv4;
        struct sockaddr_in6 ipv6;
    } address = {0};
    socklen_t length = sizeof(address);
    char host[INET6_ADDRSTRLEN];
    if (getsockname(fd, &address.any, &length) < 0)
        return -errno;
    bool ipv6 = address.any.sa_family == AF_INET6;
    const void *number = ipv6 ? (const void *)&address.ipv6.sin6_addr : &address.ipv4.sin_addr;
    if (!inet_ntop(address.any.sa_family, number, host, sizeof(host)))
        return -errno;
    snprintf(ret_text, LISTEN_ADDRESS_MAX, ipv6 ? "[%s]:%u" : "%s:%u", host,
             ntohs(ipv6 ? address.ipv6.sin6_port : address.ipv4.sin_port));
    return 0;
}
