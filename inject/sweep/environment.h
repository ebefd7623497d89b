/*
 * environment.h - surroundings that are short of something or have something in the way, made in a trial's
 * world. See environments.def.
 */
#pragma once

#include "inject/sweep/plant.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>

struct world;

struct environment {
    const char *name;
    const char *text;        /* what is the matter */
    const char *shm_options; /* for the mount of /dev/shm, or NULL */
    const char *sysctl;      /* file to write ... */
    const char *value;       /* ... this into, or NULL */
    bool limited;            /* by setrlimit(2) */
    __rlimit_resource_t resource;
    rlim_t limit;
    bool ends_space;  /* RLIMIT_AS, of what the clean run needs */
    enum plant plant; /* what is there already */
};

extern const struct environment environments[];
extern const size_t environment_count;

/* The one with that name, or NULL. */
const struct environment *environment_find(const char *name);

/* Whether it means anything for a command of which that is known. */
bool environment_applies(const struct environment *environment, const struct learnt *learnt);

/* What a world has to be like for it; as usual for NULL. */
void environment_shape(const struct environment *environment, struct world *world);

/* In the world, right before the command: what is there already. False when nothing could be put there. */
bool environment_furnish(const struct environment *environment, const struct learnt *learnt);

/*
 * In the process that becomes the command: sets the limit, gives up powers. `ours` are bytes that it takes of
 * address space beside its own. 0 or -errno.
 */
int environment_limit(const struct environment *environment, const struct learnt *learnt, uint64_t ours);
