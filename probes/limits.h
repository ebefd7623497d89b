/*
 * limits.h - the kernel's limits on IPC with their use, and what the Shmem of /proc/meminfo is made of. Use
 * is counted in a snapshot, limits are read. Rows are made from limits.def.
 */
#pragma once

#include "common/arena.h"
#include "probes/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kernel;
struct request;
struct snapshot;

struct limit {
    const char *name;     /* "shmmni" */
    const char *summary;  /* what it limits */
    const char *place;    /* mount point, escaped; NULL when it is not about one */
    struct value user;    /* VALUE_USER when it is counted by user */
    struct value use;     /* VALUE_NUMBER or VALUE_BYTES; VALUE_NONE when it limits single calls only */
    bool partial;         /* the use is at least that: some of it may not be read */
    struct value maximum; /* VALUE_NONE when it could not be read */
    bool unlimited;       /* and then `maximum` is VALUE_NONE too */
    const char *source;   /* where the maximum is from: "kernel.shmmni", "RLIMIT_MSGQUEUE", … */
    const char *raise;    /* how to raise it */
};

/* Shmem by what holds it. Bytes swapped out are in the parts, but not in Shmem: the parts may be more. */
struct shmem_part {
    const char *name;
    const char *summary;
    uint64_t bytes;
};

enum { SHMEM_PARTS = 7 };

struct limits {
    struct arena arena;
    const struct limit *items;
    size_t count;
    bool shmem_known;                     /* /proc/meminfo could be read */
    uint64_t shmem;                       /* bytes */
    struct shmem_part parts[SHMEM_PARTS]; /* the last one is what is unexplained */
    uint64_t excess;                      /* bytes by which the parts exceed Shmem */
};

/* Asks a request for what limits_read() counts. */
void limits_request(struct request *request);

/* Reads the limits; use is that of the snapshot. Free with limits_free(). Returns 0 or -ENOMEM. */
int limits_read(struct kernel *kernel, const struct snapshot *snapshot, struct limits **ret_limits);

/* Whole percents of the maximum, VALUE_PERCENT; VALUE_NONE where there is no use or no maximum. */
struct value limit_percent(const struct limit *limit);

void limits_free(struct limits *limits);
