/* reaper.h - what the files behind reap.h and salvage.h share. Private to them. */
#pragma once

#include "probes/reap.h"

#include <stdint.h>
#include <time.h>

struct ipc_perm;
struct object;
struct shmid_ds;
struct statx;

/* Nanoseconds in what the kernel counts System V times in. */
#define REAP_SECOND UINT64_C(1000000000)

struct reaping {
    const struct snapshot *snapshot;
    const struct object *object;
    const struct reap_options *options;
    struct strbuf *why;
};

/* Says why, and returns the error. */
int reap_refuse(const struct reaping *reaping, int error, const char *why);

int reap_refuse_touched(const struct reaping *reaping);

/* Each looks again and removes. */
int reap_segment(const struct reaping *reaping);
int reap_set(const struct reaping *reaping);
int reap_queue(const struct reaping *reaping);
int reap_file(const struct reaping *reaping);
int reap_mqueue(const struct reaping *reaping);

/* The generation of a file's identity: when it was born, or else when it last changed. */
uint64_t reap_generation(const struct statx *status);

/* Whether it is still that System V object, and not a successor or one that was set up anew. */
bool reap_is_same(const struct object *object, const struct ipc_perm *permissions, time_t changed);

/* Whether nobody attached or detached the segment since. */
bool reap_segment_is_untouched(const struct object *object, const struct shmid_ds *now);
