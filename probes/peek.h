/*
 * peek.h - what objects contain: bytes of shared memory, messages of System V queues, what is queued in
 * pipes. Looking changes nothing. What cannot be looked at without changing it is not, and says why.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct kernel;
struct object;
struct snapshot;

/* Bytes of the object; of a queue, of each message. */
struct peek_range {
    uint64_t offset, length;
};

/* A run of bytes; lasts until the receiver returns. */
struct peek_part {
    uint64_t offset; /* of the first byte in the object or message */
    size_t length;
    const unsigned char *bytes; /* NULL: no process has these pages in memory that we may read from */
    size_t message;             /* its number in the queue, from 0; for other kinds 0 */
    int64_t type;               /* of the message; 0 for other kinds */
    uint64_t size;              /* of the whole message, or of the whole object */
};

/* Called for each part in order; a negative return ends it and is passed on. */
typedef int peek_see(void *argument, const struct peek_part *part);

/* Returns 0; -errno of what went wrong; or -ENOTSUP with why not, a constant text, in ret_why. */
int peek(struct kernel *kernel, const struct snapshot *snapshot, const struct object *object,
         const struct peek_range *range, peek_see *see, void *argument, const char **ret_why);
