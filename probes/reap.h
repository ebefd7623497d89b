/*
 * reap.h - removes an object: the one place of shmoo that writes to the machine. Just before it removes
 * something it looks again whether that is still the object of the snapshot, and refuses a successor; what
 * has users or waiters it refuses unless forced. (Between that look and the removal lies one system call: no
 * call of the kernel removes on condition.) Symbolic links are never followed.
 */
#pragma once

#include <stdbool.h>

struct kind;
struct object;
struct snapshot;
struct strbuf;

struct reap_options {
    bool force;   /* also what is in use */
    bool dry_run; /* do everything but remove */
};

/* Whether objects of that kind can be removed; the others go with their last user. */
bool reap_can(const struct kind *kind);

/*
 * Returns 0 when it was removed (or would be), or why not: -EBUSY in use, -ESTALE no longer what the snapshot
 * says, -ENOENT gone, -EACCES and -EPERM not allowed, -ENOTSUP a kind or place that nothing can be removed
 * from. Text for humans, harmless for a terminal, is appended to `why` then. The snapshot should be fresh,
 * with users, waiters, values and verdicts.
 */
int reap(const struct snapshot *snapshot, const struct object *object, const struct reap_options *options,
         struct strbuf *why);
