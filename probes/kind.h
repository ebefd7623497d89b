/*
 * kind.h - the descriptor of an object kind. A kind only classifies what the sources hand it: it enumerates
 * objects that exist by themselves, and claims mappings, descriptors and blocked calls of processes.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct collection;
struct edge;
struct fd;
struct holder;
struct object;
struct shm_file;
struct shm_mount;
struct vma;
struct wait;

struct kind {
    const char *name;    /* "sysv-shm" */
    const char *summary; /* one line, for help and manual */
    bool noisy;          /* listed only by name or by "all" */
    bool blocked_calls;  /* wants blocked system calls of threads */
    unsigned vmas;       /* VMA_ classes of mappings it wants to see */
    unsigned fds;        /* FD_ classes of descriptors it wants to see */
    unsigned always;     /* NEED_ bits without which it finds nothing */
    uint64_t depends;    /* KIND_BIT()s of kinds collected along, for this one to name things by */

    /* Adds the objects that exist without any process. Returns 0, or -ENOMEM; anything else is coverage. */
    int (*enumerate)(struct collection *collection);

    /* Each returns the object, made now if need be, or NULL when this is none of this kind. */
    struct object *(*claim_shm_file)(struct collection *collection, const struct shm_mount *mount,
                                     const struct shm_file *file);
    struct object *(*claim_vma)(struct collection *collection, const struct holder *holder,
                                const struct vma *vma);
    struct object *(*claim_fd)(struct collection *collection, struct holder *holder, struct fd *fd);
    /* May fill in the edge's unit and amount. */
    struct object *(*claim_wait)(struct collection *collection, const struct holder *holder,
                                 const struct wait *wait, struct edge *edge);

    /* After all processes were seen: what needs to know them, or costs too much to do for every object. */
    int (*finish)(struct collection *collection);
};

enum kind_index {
#define KIND(name) KIND_##name,
#include "probes/kinds.def"
#undef KIND
    KIND_COUNT
};

#define KIND_BIT(name) (UINT64_C(1) << KIND_##name)

#define KIND(name)     extern const struct kind kind_##name;
#include "probes/kinds.def"
#undef KIND

/* All kinds in the order of kinds.def. */
extern const struct kind *const kinds[KIND_COUNT];

/* The index of the kind of that name, or -1. */
int kind_find(const char *name);

/* The index of the kind that a label ("KIND:…") begins with, or -1. */
int kind_of_label(const char *label);
