/*
 * source.h - where the commands that only look get their snapshot: shared options, and the kernel behind
 * them. For commands: failures are said on stderr.
 */
#pragma once

#include "common/cli.h"

#include <stdbool.h>

struct kernel;
struct request;
struct snapshot;

struct source_options {
    bool all_namespaces;
    const char *recording; /* folder, or NULL for this machine */
    unsigned powers;       /* SANDBOX_ flags that the command needs besides */
    bool glances;          /* the request is about users or waiters: all processes will be looked at */
};

enum { OPTION_ALL_NAMESPACES = 'a', OPTION_ROOT = 512 };

/* Rows for a command's option table. */
#define SOURCE_OPTIONS                                                                               \
    {"all-namespaces", OPTION_ALL_NAMESPACES, NULL, "look into every ipc namespace and container"},  \
    {                                                                                                \
        "root", OPTION_ROOT, "DIR", "read a recording, see shmoo-record(1), instead of this machine" \
    }

/* True when the option just returned by cli_next() was one of SOURCE_OPTIONS, and has been noted. */
bool source_option(struct source_options *options, const struct cli *cli, int letter);

/* Says that what is asked, this machine or a recording, could not answer. Returns STATUS_FAILED. */
int source_fail(const struct source_options *options, int error);

/*
 * Opens the kernel and enters the sandbox; where that cannot be had (no seccomp in the kernel), it says so
 * and goes on. Returns 0 or STATUS_FAILED.
 */
int source_open(const struct source_options *options, struct kernel **ret_kernel);

/* Opens the kernel only: for a command that acts too, and has its collecting thread enter the sandbox. */
int source_open_kernel(const struct source_options *options, struct kernel **ret_kernel);

/* Collects from it. Returns 0 or STATUS_FAILED. */
int source_collect(struct kernel *kernel, const struct source_options *options, struct request *request,
                   struct snapshot **ret_snapshot);

/* Says that no object bears the label, which names a kind, or that it may be one of those that could not be
 * seen.
 */
int source_fail_to_find(const struct snapshot *snapshot, const char *label);

/* Says on stderr what the snapshot does not cover, a line each: "shmoo: not shown: maps of 14 processes: …".
 */
void source_say_coverage(const struct snapshot *snapshot);
