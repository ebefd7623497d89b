/*
 * attribution.h - who made what a command leaves: the shim in its processes logs every call that makes an
 * object, and which object that is. Only makers are logged, so the rest of the program hardly notices.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct attribution;
struct object;
struct snapshot;
struct strbuf;

/* The call that made an object. Strings are raw bytes and live as long as the attribution. */
struct making {
    pid_t pid; /* as the process knew itself */
    const char *call;
    const char *module;   /* path of the program or library that called, or "" */
    uint64_t offset;      /* in the module */
    const char *function; /* NULL when the module does not tell */
    const char *file;
    int line; /* 0 when not known */
};

/*
 * Gets ready to attribute what `command` makes. Returns 0; or -errno and, when that is -ENOTSUP, why it is
 * not possible (a constant text) in ret_reason.
 */
int attribution_new(const char *command, struct attribution **ret_attribution, const char **ret_reason);
void attribution_free(struct attribution *attribution);

/* In the child that is about to become the command. Returns 0 or -ENOMEM. */
int attribution_enter(const struct attribution *attribution);

/* Takes in what has been logged; to be called every ATTRIBUTION_INTERVAL nanoseconds, or the log is full. */
enum { ATTRIBUTION_INTERVAL = 10000000 };
void attribution_read(struct attribution *attribution);

/* The same once nobody is about to log anything: what was begun and not ended is given up. */
void attribution_finish(struct attribution *attribution);

/* What was noted stays, but for the gaps; the file in which processes note it goes. */
void attribution_end(struct attribution *attribution);

/* Who made an object of the snapshot. False when no such call was seen. */
bool attribution_find(struct attribution *attribution, const struct snapshot *snapshot,
                      const struct object *object, struct making *ret_making);

/*
 * Who made the object behind a descriptor that a process has inherited across exec: the call, by another
 * process and before this one started (nanoseconds since 1970), gave that very descriptor, and not
 * close-on-exec. False when there is no such call.
 */
bool attribution_inherited(struct attribution *attribution, const struct snapshot *snapshot,
                           const struct object *object, int fd, pid_t pid, uint64_t start,
                           struct making *ret_making);

/* What it cannot have seen, one sentence each, harmless for a terminal; nothing when it saw all. */
void attribution_gaps(const struct attribution *attribution, struct strbuf *text);
