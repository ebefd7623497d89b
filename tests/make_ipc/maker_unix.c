/* maker_unix.c - unix sockets: connected pairs, and listening ones with clients that are not accepted yet. */
#include "tests/make_ipc/maker.h"
#include "tests/make_ipc/shared_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

struct pair {
    int mine, other;
};

struct listening {
    int fd;
    struct sockaddr_un address;
    socklen_t length;
    int type;
};

static void keep_mine(void *context)
{
    const struct pair *pair = context;
    close(pair->other);
}

static void wait_to_receive(void *context)
{
    const struct pair *pair = context;
    char byte;
    keep_mine(context);
    about_to_wait();
    if (read(pair->mine, &byte, 1) < 0)
        die("read");
}

static void wait_to_send(void *context)
{
    const struct pair *pair = context;
    char block[4096] = {0};
    keep_mine(context);
    about_to_wait();
    if (write(pair->mine, block, sizeof(block)) < 0)
        die("write");
}

static size_t fill(int fd, size_t bytes)
{
    char block[4096];
    size_t done = 0;
    memset(block, 'u', sizeof(block));
    while (done < bytes) {
        size_t rest = bytes - done;
        ssize_t sent = send(fd, block, rest < sizeof(block) ? rest : sizeof(block), MSG_DONTWAIT);
        if (sent < 0 && errno == EAGAIN)
            break;
        if (sent < 0)
            die("send");
        done += (size_t)sent;
    }
    return done;
}

static int wanted_type(const struct making *making)
{
    const char *type = want_text(making, "type", "stream");
    return strcmp(type, "dgram") == 0       ? SOCK_DGRAM
           : strcmp(type, "seqpacket") == 0 ? SOCK_SEQPACKET
                                            : SOCK_STREAM;
}

static void make_pair(struct making *making)
{
    int fds[2];
    if (socketpair(AF_UNIX, wanted_type(making) | SOCK_CLOEXEC, 0, fds) < 0)
        die("socketpair");
    struct pair first = {fds[0], fds[1]}, second = {fds[1], fds[0]};
    size_t bytes = fill(fds[1], want(making, "full") ? SIZE_MAX : want_size(making, "fill", 0));
    print_object(making, "unix:%lu", shared_file_print(making, fds[0], "socket"));
    print_value(making, "received", "%zu", bytes);
    if (want(making, "reading"))
        add_waiter(making, "reading", wait_to_receive, &first, SYS_read);
    else
        add_process(making, "users", keep_mine, &first);
    print_next(making);
    print_object(making, "unix:%lu", shared_file_print(making, fds[1], "socket"));
    print_value(making, "received", "0");
    if (want(making, "writing"))
        add_waiter(making, "writing", wait_to_send, &second, SYS_write);
    else
        add_process(making, "users", keep_mine, &second);
    close(fds[0]);
    close(fds[1]);
}

static void keep(void *context)
{
    (void)context;
}

static void wait_to_accept(void *context)
{
    const struct listening *listening = context;
    about_to_wait();
    if (accept(listening->fd, NULL, NULL) < 0)
        die("accept");
}

static void connect_to_it(void *context)
{
    const struct listening *listening = context;
    close(listening->fd);
    int fd = socket(AF_UNIX, listening->type | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&listening->address, listening->length) < 0)
        die("connect");
}

/* "@name" is in the abstract namespace, unix(7); anything else is a path. */
static void make_listening(struct making *making, const char *name)
{
    struct listening listening = {.type = wanted_type(making), .address = {.sun_family = AF_UNIX}};
    bool abstract = name[0] == '@';
    snprintf(listening.address.sun_path, sizeof(listening.address.sun_path), "%s", name);
    if (abstract)
        listening.address.sun_path[0] = '\0';
    listening.length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name) + !abstract);
    listening.fd = socket(AF_UNIX, listening.type | SOCK_CLOEXEC, 0);
    if (listening.fd < 0 || bind(listening.fd, (struct sockaddr *)&listening.address, listening.length) < 0 ||
        (listening.type != SOCK_DGRAM && listen(listening.fd, 128) < 0))
        die(name);
    if (!abstract)
        undo_later(undo_unlink, 0, name);
    print_object(making, "unix:%lu", shared_file_print(making, listening.fd, name));
    print_value(making, "name", "%s", name);
    if (want(making, "accepting"))
        add_waiter(making, "accepting", wait_to_accept, &listening, SYS_accept);
    else
        add_process(making, "users", keep, &listening);
    add_processes(making, "clients", 0, connect_to_it, &listening);
    close(listening.fd);
}

static void make(struct making *making)
{
    if (want(making, "name"))
        make_listening(making, want_name(making, ""));
    else
        make_pair(making);
}

static const struct maker_key keys[] = {
    {"type",      "stream, dgram or seqpacket"                                      },
    {"fill",      "bytes sent to the first of a pair"                               },
    {"full",      "as many as it takes"                                             },
    {"reading",   "the process at the first one blocks receiving (when empty)"      },
    {"writing",   "the process at the second one blocks sending (when full)"        },
    {"name",      "not a pair but a listening socket at this path or abstract @name"},
    {"accepting", "its process blocks accepting (without clients)"                  },
    {"clients",   "processes that are connected but not accepted"                   },
    {NULL,        NULL                                                              },
};

const struct maker maker_unix = {.kind = "unix", .keys = keys, .make = make};
