/*
 * kind_unix.c - unix sockets of this network namespace, as sock_diag tells them, tied to processes by the
 * inode in "socket:[INODE]".
 */
#include "common/strbuf.h"
#include "probes/collection.h"
#include "probes/parse.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

/* States of unix sockets (include/net/tcp_states.h). */
enum { STATE_ESTABLISHED = 1, STATE_LISTEN = 10 };

static const char *type_name(uint8_t type)
{
    switch (type) {
    case SOCK_STREAM: return "stream";
    case SOCK_DGRAM: return "dgram";
    case SOCK_SEQPACKET: return "seqpacket";
    default: return "other";
    }
}

static void set_name(struct collection *collection, struct object *object, const struct unix_socket *socket)
{
    if (!socket->name_length)
        return;
    if (socket->name[0]) {
        size_t length = socket->name_length;
        length -= socket->name[length - 1] == '\0';
        collection_set_string(collection, object, FIELD_NAME, socket->name, length);
        return;
    }
    /* An abstract name, written with @ as everybody does. */
    char name[256];
    int length = snprintf(name, sizeof(name), "@");
    for (size_t i = 1; i < socket->name_length && length < (int)sizeof(name); i++)
        name[length++] = socket->name[i];
    collection_set_string(collection, object, FIELD_NAME, name, (size_t)length);
}

static int see_socket(void *argument, const struct unix_socket *socket)
{
    struct collection *collection = argument;
    struct identity identity = {.space = SPACE_UNIX, .number = socket->inode};
    if (!socket->inode)
        return 0;
    struct object *object =
        collection_add(collection, &kind_unix, identity, "%llu", (unsigned long long)socket->inode);
    if (!object)
        return -ENOMEM;
    set_name(collection, object, socket);
    object_set(object, FIELD_INODE, socket->inode);
    object_set(object, FIELD_OWNER, socket->uid);
    object_set_word(object, FIELD_TYPE, type_name(socket->type));
    if (socket->state == STATE_LISTEN) {
        object_set_word(object, FIELD_STATE, "listening");
        object_set(object, FIELD_MESSAGES, socket->receive_queue);
        object_set(object, FIELD_MAXMSG, socket->send_queue);
        return 0;
    }
    object_set_word(object, FIELD_STATE,
                    socket->peer || socket->state == STATE_ESTABLISHED ? "connected" : "unconnected");
    object_set(object, FIELD_FILL, socket->receive_queue);
    object_set(object, FIELD_USED, socket->receive_queue);
    if (socket->peer) {
        char peer[32];
        int length = snprintf(peer, sizeof(peer), "unix:%llu", (unsigned long long)socket->peer);
        collection_set_string(collection, object, FIELD_PEER, peer, (size_t)length);
    }
    return 0;
}

static int enumerate(struct collection *collection)
{
    int r = collection->kernel->ops->unix_sockets(collection->kernel, see_socket, collection);
    if (r < 0 && r != -ENOMEM) {
        collection_gap(collection, "unix sockets", NULL, -r);
        return 0;
    }
    return r;
}

/* 0 when it may not be read. */
static uint64_t network_namespace(struct collection *collection, const char *path)
{
    AUTO_STRBUF struct strbuf link = {0};
    uint64_t number = 0;
    int r = collection->kernel->ops->link(collection->kernel, path, &link);
    if (collection_got(collection, r))
        parse_bracketed(strbuf_text(&link), &number);
    return number;
}

/* sock_diag(7) tells of our own network namespace: what it does not know may be of another, or no unix
 * socket. */
static void look_for_other_namespace(struct collection *collection, struct holder *holder)
{
    char path[64];
    if (holder->network_told)
        return;
    holder->network_told = true;
    snprintf(path, sizeof(path), "proc/%d/ns/net", holder->process.through);
    uint64_t ours = network_namespace(collection, "proc/self/ns/net");
    uint64_t theirs = network_namespace(collection, path);
    if (ours && theirs && ours != theirs)
        collection_process_gap(collection, "unix sockets of another network namespace", EXDEV);
}

static struct object *claim_fd(struct collection *collection, struct holder *holder, struct fd *fd)
{
    struct object *object = collection_find(collection, SPACE_UNIX, fd->status.inode);
    if (!object)
        look_for_other_namespace(collection, holder);
    return object;
}

const struct kind kind_unix = {
    .name = "unix",
    .summary = "unix sockets, with their peers and queues",
    .noisy = true,
    .blocked_calls = true,
    .fds = FD_SOCKET,
    .enumerate = enumerate,
    .claim_fd = claim_fd,
};
