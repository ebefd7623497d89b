/*
 * source_poll.h - the descriptors that a thread watches in poll, select or epoll_wait. It waits for any of
 * them.
 */
#pragma once

#include "common/array.h"

#include <stdbool.h>
#include <stdint.h>

struct collection;
struct holder;
struct wait;

struct polled {
    int fd;
    uint8_t access; /* EDGE_READ: until there is something to read; EDGE_WRITE: until there is room */
};

typedef ARRAY(struct polled) polled_list;

/* Whether the call is one of those. */
bool source_poll_concerns(const struct wait *wait);

/*
 * Appends the descriptors of the call, those of other things than IPC objects too. Nothing when they cannot
 * be read, which is noted. Returns 0 or -ENOMEM; array_free() is due either way.
 */
int source_poll(struct collection *collection, const struct holder *holder, const struct wait *wait,
                polled_list *list);
