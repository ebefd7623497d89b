/*
 * collection.h - a snapshot in the making: what kinds and sources use to add to it. Nothing here outlives
 * snapshot_collect().
 */
#pragma once

#include "common/array.h"
#include "common/hash.h"
#include "probes/blocked.h"
#include "probes/collect.h"
#include "probes/kernel.h"
#include "probes/kind.h"
#include "probes/snapshot.h"

#include <errno.h>

/* A process with what was seen of it. */
struct holder {
    struct process process;
    uint32_t index;    /* in the snapshot's processes; NO_PROCESS while it has no edge */
    size_t first_edge; /* its own begin there */
    bool network_told; /* whether its network namespace is ours has been looked at */
    ARRAY(struct vma) vmas;
    ARRAY(struct fd) fds;
    ARRAY(struct wait) waits;
};

enum { NO_PROCESS = UINT32_MAX };

/* An ipc namespace that is looked at. */
struct ipc_view {
    uint64_t number; /* inode */
    pid_t pid;       /* a process in it; 0 for our own */
};

struct collection {
    struct kernel *kernel;
    const struct request *request;
    uint64_t kinds; /* those asked for and what they depend on */
    struct snapshot *snapshot;
    struct kernel_clock clock;
    uint64_t looking_for;    /* kinds whose objects are being found: what cannot be read now hides them */
    struct hash by_identity; /* to objects */
    struct hash by_pid;      /* to processes */
    ARRAY(struct object *) objects;
    ARRAY(struct edge) edges;
    ARRAY(struct process) processes;
    ARRAY(struct coverage) coverage;
    ARRAY(struct known_pid) known_pids;
    ARRAY(struct ipc_view) ipc_views;
    ARRAY(struct shm_mount) shm_mounts;
    bool shm_elsewhere; /* one of them is mounted at another point too: no path tells its files */
    bool failed;        /* memory ran out: the collection is given up at the end */
};

/* Number spaces of identities that are not a device. */
enum space {
    SPACE_SYSV_SHM = 1,
    SPACE_SYSV_SEM,
    SPACE_SYSV_MSG,
    SPACE_MEMFD,
    SPACE_ANON,
    SPACE_PIPE,
    SPACE_UNIX,
    SPACE_EVENTFD,
    SPACE_FUTEX,
    SPACE_LOCK,
    SPACE_LOCKED_INODE,
    SPACE_SIGNAL,
};

/* A number space qualified by an ipc namespace. */
uint64_t space_of_ipc(enum space space, uint64_t ipc_namespace);

/*
 * A new object, its label "kind:" and the formatted rest (already escaped). NULL when memory is out, which
 * the collection remembers. Objects do not move.
 */
struct object *collection_add(struct collection *collection, const struct kind *kind,
                              struct identity identity, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The object of that space and number, of whatever kind, or NULL. */
struct object *collection_find(const struct collection *collection, uint64_t space, uint64_t number);

static inline void object_set(struct object *object, enum field field, uint64_t number)
{
    object->fields[field] = value_of(field_info[field].type, number);
}

static inline void object_set_word(struct object *object, enum field field, const char *word)
{
    object->fields[field] = value_word(word);
}

static inline void object_deny(struct object *object, enum field field)
{
    object->fields[field].type = VALUE_DENIED;
}

/* Sets a string field to a copy of the bytes. */
void collection_set_string(struct collection *collection, struct object *object, enum field field,
                           const char *bytes, size_t length);

/* Sets owner, mode, size, times, inode and device from a file's status; ids of files get its birth time. */
void collection_set_status(struct collection *collection, struct object *object,
                           const struct file_status *status);

/* The bytes in escaped form, kept in the snapshot; `also` as for escape_bytes(). "" when memory is out. */
const char *collection_escape(struct collection *collection, const char *bytes, size_t length,
                              const char *also);

/* Notes what could not be read; equal entries about processes are counted together. `error` is positive. */
void collection_gap(struct collection *collection, const char *source, const char *place, int error);
void collection_process_gap(struct collection *collection, const char *source, int error);

/* Takes a failed read about one process for what it is: nothing when it vanished, memory out, or a gap. */
void collection_process_error(struct collection *collection, const char *source, int error);

/* Whether an answer came; memory that ran out on the way is remembered. */
static inline bool collection_got(struct collection *collection, int r)
{
    collection->failed |= r == -ENOMEM;
    return r == 0;
}

/* Ties a holder to an object. Edges of the same object, process and role are merged later. */
struct edge *collection_tie(struct collection *collection, struct holder *holder, const struct object *object,
                            enum edge_role role);

/* The same for a process named by pid only (the owner of a lock); NULL when it is gone. */
struct edge *collection_tie_pid(struct collection *collection, pid_t pid, const struct object *object,
                                enum edge_role role);

/* The object of a shared mapping, by whichever kind claims it, or NULL. */
struct object *collection_claim_vma(struct collection *collection, const struct holder *holder,
                                    const struct vma *vma);

/* Ties a holder, whose descriptors are tied already, to what one of its threads waits for. */
void collection_claim_wait(struct collection *collection, struct holder *holder, const struct wait *wait);

/* Finds out which signals those handle whose waits only somebody else can end, or else a handler. */
void collection_read_handlers(struct collection *collection);

/* The descriptor of that number among those that were looked at, or NULL. */
const struct fd *holder_fd(const struct holder *holder, uint64_t number);

/* Looks up what a brief descriptor lacks. False when it is gone or something else by now, or memory is out.
 */
bool collection_fd(struct collection *collection, const struct holder *holder, struct fd *fd);

/* The shared mapping of a holder that an address is in, or NULL. */
const struct vma *holder_vma(const struct holder *holder, uint64_t address);

/* Whether the kind, an index into kinds[], is looked for. */
static inline bool collection_selects(const struct collection *collection, size_t kind)
{
    return collection->kinds & UINT64_C(1) << kind;
}

/* Whether some of the needs were asked for. */
static inline bool collection_needs(const struct collection *collection, unsigned needs)
{
    return (collection->request->needs & needs) != 0;
}
