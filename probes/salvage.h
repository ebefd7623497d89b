/*
 * salvage.h - takes out what an object contains before it is removed. Unlike peek.h this may disturb: a
 * segment is attached, a System V queue takes nothing meanwhile, and a POSIX queue can be read only by taking
 * its messages. Part of the one writer, reap.h.
 */
#pragma once

#include "probes/peek.h"

#include <stdbool.h>

struct kind;

struct salvage_to {
    /* Called for each part. Of a segment, bytes that no part is about are zeros. */
    peek_see *see;
    /*
     * Called once when all was seen, to make it last and to remove the object, which is a copy that knows
     * what the look into it changed. What it returns is passed on.
     */
    int (*keep)(void *argument, const struct object *object);
    void *argument;
};

/* Whether objects of the kind have any: the values of a semaphore set are in the snapshot. */
bool salvage_has_contents(const struct kind *kind);

/* What the number is called that each message of such a queue has; NULL: a kind without messages. */
const char *salvage_message_type(const struct kind *kind);

/*
 * Returns what `keep` did; or -errno of what went wrong before; or -ENOTSUP with why not in ret_why. Messages
 * that were taken are put back unless `keep` returned 0; -ENOTRECOVERABLE: that failed.
 */
int salvage(struct kernel *kernel, const struct snapshot *snapshot, const struct object *object,
            const struct salvage_to *to, const char **ret_why);
