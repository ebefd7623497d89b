/* reaper.h - what the files behind reap.h and salvage.h share. Private to them. */
#pragma once

#include "probes/reap.h"

#include <stdint.h>

struct statx;

struct reaping {
    const struct snapshot *snapshot;
    const struct object *object;
    const struct reap_options *options;
    struct strbuf *why;
};

/* Says why, and returns the error. */
int reap_refuse(const struct reaping *reaping, int error, const char *why);

/* Each looks again and removes. */
int reap_segment(const struct reaping *reaping);
int reap_set(const struct reaping *reaping);
int reap_queue(const struct reaping *reaping);
int reap_file(const struct reaping *reaping);
int reap_mqueue(const struct reaping *reaping);

/* The generation of a file's identity: when it was born, or else when it last changed. */
uint64_t reap_generation(const struct statx *status);
