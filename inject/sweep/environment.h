/* environment.h - surroundings that are short of something, made in a trial's world. See environments.def. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>

struct environment {
    const char *name;
    const char *text;        /* what is short */
    const char *shm_options; /* for the mount of /dev/shm, or NULL */
    const char *sysctl;      /* file to write ... */
    const char *value;       /* ... this into, or NULL */
    bool limited;            /* by setrlimit(2) */
    __rlimit_resource_t resource;
    rlim_t limit;
};

extern const struct environment environments[];
extern const size_t environment_count;

/* The one with that name, or NULL. */
const struct environment *environment_find(const char *name);

/* In the world: writes the sysctl. 0 or -errno. */
int environment_enter(const struct environment *environment);

/* In the process that becomes the command: sets the limit. 0 or -errno. */
int environment_limit(const struct environment *environment);
