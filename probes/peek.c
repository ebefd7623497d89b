/* peek.c - see peek.h: a way of looking for each kind, or the reason why there is none. */
#include "probes/peek.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "common/scan.h"
#include "common/strbuf.h"
#include "probes/kernel.h"
#include "probes/kind.h"
#include "probes/peek_memory.h"
#include "probes/snapshot.h"

#include <errno.h>

enum { PIPE_ROOM = 65536, MESSAGE_LIMIT = 16 * 1024 * 1024 };

typedef int peek_function(struct kernel *kernel, const struct snapshot *snapshot, const struct object *object,
                          const struct peek_range *range, peek_see *see, void *argument,
                          const char **ret_why);

static int refuse(const char **ret_why, const char *why)
{
    *ret_why = why;
    return -ENOTSUP;
}

/* Hands on what of a message or pipe is in the range; `part` describes all of it. */
static int see_clipped(const struct peek_part *whole, const struct peek_range *range, peek_see *see,
                       void *argument)
{
    struct peek_part part = *whole;
    part.offset = range->offset < whole->length ? range->offset : whole->length;
    part.length = whole->length - (size_t)part.offset;
    if (part.length > range->length)
        part.length = (size_t)range->length;
    part.bytes = whole->bytes + part.offset;
    return see(argument, &part);
}

/* A message may be as long as msgmax, and MSG_COPY wants room for that. */
static size_t message_room(struct kernel *kernel)
{
    AUTO_STRBUF struct strbuf text = {0};
    uint64_t room = 8192;
    if (kernel->ops->read(kernel, "proc/sys/kernel/msgmax", &text) == 0) {
        struct scan scan = scan_bytes(strbuf_text(&text), text.length);
        scan_decimal(&scan, &room);
    }
    return room < MESSAGE_LIMIT ? (size_t)room : MESSAGE_LIMIT;
}

static int peek_messages(struct kernel *kernel, const struct snapshot *snapshot, const struct object *object,
                         const struct peek_range *range, peek_see *see, void *argument, const char **ret_why)
{
    size_t room = message_room(kernel);
    AUTO_FREE unsigned char *buffer = malloc(room + 1);
    if (!buffer)
        return -ENOMEM;
    if (object->fields[FIELD_NAMESPACE].number != snapshot->ipc_namespace)
        return refuse(ret_why, "the queue is in another ipc namespace");
    for (size_t number = 0;; number++) {
        struct peek_part whole = {.bytes = buffer, .message = number};
        int r = kernel->ops->message(kernel, (int)object->fields[FIELD_ID].number, number, buffer, room,
                                     &whole.type, &whole.length);
        whole.size = whole.length;
        if (r == -ENOMSG)
            return 0;
        if (r == -ENOSYS)
            return refuse(ret_why, "this kernel has no MSG_COPY (CONFIG_CHECKPOINT_RESTORE)");
        if (r == 0)
            r = see_clipped(&whole, range, see, argument);
        if (r < 0)
            return r;
    }
}

static int peek_pipe(struct kernel *kernel, const struct snapshot *snapshot, const struct object *object,
                     const struct peek_range *range, peek_see *see, void *argument, const char **ret_why)
{
    size_t count;
    const struct edge *edges = snapshot_edges(snapshot, object, &count);
    AUTO_FREE unsigned char *buffer = malloc(PIPE_ROOM);
    const char *why = "no process has its read end open";
    if (!buffer)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        struct peek_part whole = {.bytes = buffer, .size = object->fields[FIELD_FILL].number};
        if (edges[i].role != EDGE_OPEN || !(edges[i].access & EDGE_READ))
            continue;
        int r = kernel->ops->pipe_bytes(kernel, snapshot->processes[edges[i].process].through, edges[i].fd,
                                        buffer, PIPE_ROOM, &whole.length);
        if (r == 0)
            return see_clipped(&whole, range, see, argument);
        why = "the processes that read from it may not be asked for it";
    }
    return refuse(ret_why, why);
}

static const struct {
    const struct kind *kind;
    peek_function *peek;
    const char *why_not;
} ways[] = {
    {&kind_sysv_shm,  peek_memory,   NULL                                                             },
    {&kind_posix_shm, peek_memory,   NULL                                                             },
    {&kind_posix_sem, peek_memory,   NULL                                                             },
    {&kind_memfd,     peek_memory,   NULL                                                             },
    {&kind_anon_shm,  peek_memory,   NULL                                                             },
    {&kind_file_shm,  peek_memory,   NULL                                                             },
    {&kind_sysv_msg,  peek_messages, NULL                                                             },
    {&kind_pipe,      peek_pipe,     NULL                                                             },
    {&kind_fifo,      peek_pipe,     NULL                                                             },
    {&kind_posix_mq,  NULL,          "a POSIX queue can only be read by taking its messages out"      },
    {&kind_unix,      NULL,          "a socket can only be peeked at by the process that has it"      },
    {&kind_futex,     NULL,          "a futex is part of the memory it is in: show that"              },
    {&kind_sysv_sem,  NULL,          "semaphores have values, and no contents"                        },
    {&kind_eventfd,   NULL,          "an eventfd has a value, and no contents"                        },
    {&kind_lock,      NULL,          "a lock has no contents"                                         },
    {&kind_signal,    NULL,          "signals have no contents that could be read without taking them"},
};

int peek(struct kernel *kernel, const struct snapshot *snapshot, const struct object *object,
         const struct peek_range *range, peek_see *see, void *argument, const char **ret_why)
{
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        if (ways[i].kind != object->kind)
            continue;
        if (!ways[i].peek)
            return refuse(ret_why, ways[i].why_not);
        if (!kernel->ops->file_bytes)
            return refuse(ret_why, "a recording has no contents");
        return ways[i].peek(kernel, snapshot, object, range, see, argument, ret_why);
    }
    return refuse(ret_why, "this kind has no contents");
}
