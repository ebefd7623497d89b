/*
 * world.h - a world of its own for a command: ipc and mount namespaces with an empty /dev/shm and
 * /dev/mqueue. They go when the last process in them does. See namespaces(7), user_namespaces(7).
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct world {
    uid_t uid; /* who makes it, seen from outside */
    gid_t gid;
    bool private_tmp;        /* an empty /tmp */
    bool processes;          /* a pid namespace too, with its own /proc */
    const char *shm_options; /* of the tmpfs on /dev/shm; NULL: "mode=1777" */
    const char *sysctl;      /* file of the ipc namespace to write, or NULL ... */
    const char *value;       /* ... and what into it */
};

/* The CLONE_ flags for clone(2) or unshare(2): an ordinary user needs a user namespace too. */
int world_flags(const struct world *world);

/*
 * Inside the new namespaces: maps the ids of its maker, covers the mounts and writes the sysctl. For the
 * latter an ordinary user must not share memory with another process (see world_shares_memory()). 0 or
 * -errno.
 */
int world_set_up(const struct world *world);

/* Whether its first process may be made with CLONE_VM. */
bool world_shares_memory(const struct world *world);
