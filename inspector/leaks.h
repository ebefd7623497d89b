/* leaks.h - what `shmoo leaks` was asked for, and its two halves: orphans now, and what a command leaves. */
#pragma once

#include "inspector/leaks_allow.h"
#include "inspector/leaks_baseline.h"
#include "inspector/leaks_report.h"
#include "inspector/leaks_run.h"
#include "inspector/source.h"
#include "probes/kind.h"

#include <stdio.h>

/* A file asked for; both are NULL when it is not. */
struct leaks_output {
    const char *path;
    FILE *file;
};

struct leaks {
    struct source_options source;
    uint64_t older; /* nanoseconds */
    bool by_user, shared, json;
    enum { ATTRIBUTE_IF_POSSIBLE, ATTRIBUTE, ATTRIBUTE_NOT } attribute;
    uid_t user;
    allowed_list names, allowed;
    struct leaks_baseline baseline;
    struct leaks_output output, junit, sarif;
    int exit_code; /* when the command succeeds and leaks */
    struct leaks_run run;
    struct leaks_report report;
};

/* Kinds whose objects outlive their last user, but for FIFOs: those are costly to find. */
static const uint64_t kinds_that_stay = KIND_BIT(sysv_shm) | KIND_BIT(sysv_sem) | KIND_BIT(sysv_msg) |
                                        KIND_BIT(posix_shm) | KIND_BIT(posix_sem) | KIND_BIT(posix_mq);

/* Each returns the exit status; what went wrong is said on stderr. */
int leaks_now(struct leaks *leaks);
int leaks_of_command(struct leaks *leaks);

/* Whether the options ask for this object. */
bool leaks_wants(const struct leaks *leaks, const struct snapshot *snapshot, const struct object *object);

/*
 * Opens the files that reports go to: once all options are known to be good, for what one holds may be the
 * baseline. Returns 0, or STATUS_FAILED, said on stderr.
 */
int leaks_open_outputs(struct leaks *leaks);

/* Writes the report in every form asked for. Returns 0, or STATUS_FAILED, said on stderr. */
int leaks_print(struct leaks *leaks);
