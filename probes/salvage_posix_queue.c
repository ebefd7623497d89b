/*
 * salvage_posix_queue.c - takes all messages out of a POSIX queue, which is the only way to read them, and
 * puts them back, in the same order, unless the queue was removed. Between the two, messages are in the
 * memory of this process alone.
 */
#include "common/array.h"
#include "common/cleanup.h"
#include "probes/collection.h"
#include "probes/reaper.h"
#include "probes/salvaging.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <sys/stat.h>

struct message {
    char *bytes;
    size_t length;
    unsigned priority;
};

typedef ARRAY(struct message) message_list;

static void free_messages(message_list *messages)
{
    array_each(messages, message) free(message->bytes);
    array_free(messages);
}

static int take_all(mqd_t queue, message_list *messages)
{
    struct mq_attr attributes;
    if (mq_getattr(queue, &attributes) < 0)
        return -errno;
    for (;;) {
        struct message *message = array_push(messages);
        if (!message)
            return -ENOMEM;
        *message = (struct message){.bytes = malloc((size_t)attributes.mq_msgsize)};
        ssize_t length = message->bytes ? mq_receive(queue, message->bytes, (size_t)attributes.mq_msgsize,
                                                     &message->priority)
                                        : -1;
        if (length >= 0) {
            message->length = (size_t)length;
            continue;
        }
        int error = message->bytes ? errno : ENOMEM;
        free(message->bytes);
        messages->count--;
        return error == EAGAIN ? 0 : -error;
    }
}

static int put_back(mqd_t queue, const message_list *messages)
{
    array_each(messages, message)
    {
        if (mq_send(queue, message->bytes, message->length, message->priority) < 0)
            return -ENOTRECOVERABLE;
    }
    return 0;
}

static int show_all(const message_list *messages, const struct salvage_to *to)
{
    int r = 0;
    for (size_t i = 0; i < messages->count && r == 0; i++) {
        const struct message *message = &messages->items[i];
        struct peek_part part = {.length = message->length,
                                 .bytes = (const unsigned char *)message->bytes,
                                 .message = i,
                                 .type = message->priority,
                                 .size = message->length};
        r = to->see(to->argument, &part);
    }
    return r;
}

/* Taking messages set its ctime, which is part of its identity; it stays the same one while it is open. */
static int keep(mqd_t queue, const struct object *object, const struct salvage_to *to)
{
    struct object now = *object;
    struct statx status;
    if (statx(queue, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME, &status) < 0)
        return -errno;
    now.identity.generation = reap_generation(&status);
    object_set(&now, FIELD_MESSAGES, 0);
    return to->keep(to->argument, &now);
}

static int salvage_messages(mqd_t queue, const struct object *object, const struct salvage_to *to)
{
    message_list messages = {0};
    int r = take_all(queue, &messages);
    if (r == 0)
        r = show_all(&messages, to);
    if (r == 0)
        r = keep(queue, object, to);
    if (r < 0 && put_back(queue, &messages) < 0)
        r = -ENOTRECOVERABLE;
    free_messages(&messages);
    return r;
}

static bool is_open(mqd_t queue, const struct object *object)
{
    struct statx status;
    return statx(queue, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME, &status) == 0 &&
           status.stx_ino == object->identity.number &&
           reap_generation(&status) == object->identity.generation;
}

int salvage_posix_queue(const struct salvaging *salvaging)
{
    const struct object *object = salvaging->object;
    if (snapshot_users(salvaging->snapshot, object, EDGE_ROLE_COUNT)) {
        *salvaging->ret_why = "to read its messages is to take them from the processes that use it";
        return -ENOTSUP;
    }
    AUTO_CLOSE int queue = mq_open(object->fields[FIELD_NAME].string, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (queue < 0)
        return -errno;
    return is_open(queue, object) ? salvage_messages(queue, object, salvaging->to) : -ESTALE;
}
