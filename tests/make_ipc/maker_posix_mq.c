/* maker_posix_mq.c - POSIX message queues, with processes that wait to send or receive, or ask to be
 * notified. */
#include "tests/make_ipc/maker.h"
#include "tests/make_ipc/shared_file.h"

#include "common/cleanup.h"

#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct queue {
    const char *name;
    unsigned mode;
    long maximum, size, messages;
};

static void remove_queue(int id, const char *name)
{
    (void)id;
    mq_unlink(name);
}

static mqd_t open_again(const struct queue *queue, int flags)
{
    mqd_t mq = mq_open(queue->name, O_RDWR | O_CLOEXEC | flags);
    if (mq < 0)
        die(queue->name);
    return mq;
}

static void send_one(mqd_t mq, const struct queue *queue, unsigned priority)
{
    AUTO_FREE char *bytes = calloc(1, (size_t)queue->size);
    if (!bytes || mq_send(mq, bytes, (size_t)queue->size, priority) < 0)
        die("mq_send");
}

static void create(void *context)
{
    const struct queue *queue = context;
    struct mq_attr attributes = {.mq_maxmsg = queue->maximum, .mq_msgsize = queue->size};
    mqd_t mq = mq_open(queue->name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, queue->mode, &attributes);
    if (mq < 0)
        die(queue->name);
    for (long i = 0; i < queue->messages; i++)
        send_one(mq, queue, (unsigned)i);
    mq_close(mq);
}

static void use(void *context)
{
    open_again(context, 0);
}

static void ask_for_notice(void *context)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    signal(SIGUSR1, SIG_IGN);
    if (mq_notify(open_again(context, 0), &event) < 0)
        die("mq_notify");
}

static void wait_to_send(void *context)
{
    mqd_t mq = open_again(context, 0);
    about_to_wait();
    send_one(mq, context, 0);
}

static void wait_to_receive(void *context)
{
    const struct queue *queue = context;
    mqd_t mq = open_again(queue, 0);
    AUTO_FREE char *bytes = malloc((size_t)queue->size);
    about_to_wait();
    if (mq_receive(mq, bytes, (size_t)queue->size, NULL) < 0)
        die("mq_receive");
}

static void make(struct making *making)
{
    struct queue queue = {
        .name = want_name(making, "/make_ipc."),
        .mode = (unsigned)strtoul(want_text(making, "mode", "600"), NULL, 8),
        .maximum = (long)want_number(making, "maximum", 10),
        .size = (long)want_size(making, "size", 128),
    };
    queue.messages = want(making, "full") ? queue.maximum : (long)want_number(making, "messages", 0);
    create_object(making, create, &queue, sizeof(queue));
    undo_later(remove_queue, 0, queue.name);
    mqd_t mq = open_again(&queue, 0);
    unsigned long inode = shared_file_print(making, mq, queue.name);
    mq_close(mq);
    print_value(making, "messages", "%ld", queue.messages);
    add_processes(making, "users", want(making, "unlinked"), use, &queue);
    add_processes(making, "notify", 0, ask_for_notice, &queue);
    add_waiters(making, "senders", wait_to_send, &queue, SYS_mq_timedsend);
    add_waiters(making, "receivers", wait_to_receive, &queue, SYS_mq_timedreceive);
    bool unlinked = want(making, "unlinked");
    if (unlinked && mq_unlink(queue.name) < 0)
        die(queue.name);
    print_named_object(making, queue.name, unlinked ? inode : 0);
}

static const struct maker_key keys[] = {
    {"name",      "with its slash"                             },
    {"mode",      "octal permission bits"                      },
    {"maximum",   "messages it takes (10)"                     },
    {"size",      "bytes of a message (128)"                   },
    {"messages",  "messages in it, of priority 0, 1, ..."      },
    {"full",      "fill it up"                                 },
    {"users",     "processes that have it open"                },
    {"notify",    "1: a process asks to be notified"           },
    {"senders",   "processes that block sending (when full)"   },
    {"receivers", "processes that block receiving (when empty)"},
    {"unlinked",  "remove its name while it is in use"         },
    {"orphan",    "its creator exits"                          },
    {NULL,        NULL                                         },
};

const struct maker maker_posix_mq = {.kind = "posix-mq", .keys = keys, .make = make};
