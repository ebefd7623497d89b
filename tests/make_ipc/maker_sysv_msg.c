/* maker_sysv_msg.c - System V message queues, with processes that wait to send or receive. */
#include "tests/make_ipc/maker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/syscall.h>

enum { MESSAGE_MAX = 8192 };

struct queue {
    int id;
    key_t key;
    unsigned mode;
    size_t messages, bytes, limit;
    bool full;
};

struct message {
    long type;
    char bytes[MESSAGE_MAX];
};

static int send_one(const struct queue *queue, long type, int flags)
{
    struct message message = {.type = type};
    memset(message.bytes, 'm', sizeof(message.bytes));
    return msgsnd(queue->id, &message, queue->bytes, flags);
}

static void set_limit(const struct queue *queue)
{
    struct msqid_ds status;
    if (msgctl(queue->id, IPC_STAT, &status) < 0)
        die("msgctl");
    status.msg_qbytes = queue->limit;
    if (msgctl(queue->id, IPC_SET, &status) < 0)
        die("msgctl");
}

static void create(void *context)
{
    struct queue *queue = context;
    queue->id = msgget(queue->key, IPC_CREAT | IPC_EXCL | (int)queue->mode);
    if (queue->id < 0)
        die("msgget");
    if (queue->limit)
        set_limit(queue);
    for (size_t i = 0; i < queue->messages; i++)
        if (send_one(queue, (long)i + 1, IPC_NOWAIT) < 0)
            die("msgsnd");
    while (queue->full && send_one(queue, 1, IPC_NOWAIT) == 0)
        queue->messages++;
}

static void wait_to_send(void *context)
{
    about_to_wait();
    send_one(context, 1, 0);
}

/* Of a type nobody sends, so that messages in the queue do not end it. */
static void wait_to_receive(void *context)
{
    const struct queue *queue = context;
    struct message message;
    about_to_wait();
    msgrcv(queue->id, &message, sizeof(message.bytes), 999999, MSG_NOERROR);
}

static void remove_queue(int id, const char *name)
{
    (void)name;
    msgctl(id, IPC_RMID, NULL);
}

static void make(struct making *making)
{
    struct queue queue = {
        .key = (key_t)want_number(making, "key", 0),
        .mode = (unsigned)strtoul(want_text(making, "mode", "600"), NULL, 8),
        .messages = want_number(making, "messages", 0),
        .bytes = want_size(making, "bytes", 100),
        .limit = want_size(making, "limit", 0),
        .full = want(making, "full"),
    };
    if (queue.bytes > MESSAGE_MAX)
        die_saying("bytes", "more than a message may have");
    create_object(making, create, &queue, sizeof(queue));
    undo_later(remove_queue, queue.id, NULL);
    print_object(making, "sysv-msg:%d", queue.id);
    print_value(making, "id", "%d", queue.id);
    print_value(making, "key", "0x%08x", (unsigned)queue.key);
    print_value(making, "messages", "%zu", queue.messages);
    print_value(making, "bytes", "%zu", queue.messages * queue.bytes);
    add_waiters(making, "senders", wait_to_send, &queue, SYS_msgsnd);
    add_waiters(making, "receivers", wait_to_receive, &queue, SYS_msgrcv);
}

static const struct maker_key keys[] = {
    {"key",       "key to make it under; private when not given"},
    {"mode",      "octal permission bits"                       },
    {"messages",  "messages in it, of types 1, 2, ..."          },
    {"bytes",     "of each message"                             },
    {"limit",     "msg_qbytes, how much the queue takes"        },
    {"full",      "fill it up"                                  },
    {"senders",   "processes that block sending (when full)"    },
    {"receivers", "processes that block receiving"              },
    {"orphan",    "its creator exits"                           },
    {NULL,        NULL                                          },
};

const struct maker maker_sysv_msg = {.kind = "sysv-msg", .keys = keys, .make = make};
