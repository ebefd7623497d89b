/*
 * callers.h - the threads a seccomp supervisor serves: which process each is of, and whose code makes its
 * calls. Looking that up costs more than everything else, so it is kept until the thread execs.
 */
#pragma once

#include "common/array.h"
#include "common/hash.h"
#include "inject/startup.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Whose instruction makes a system call. */
enum code_origin {
    CODE_PROGRAM, /* the program, its libraries, or code it made itself */
    CODE_LIBC,    /* glibc, a sanitizer's run-time library or the shim */
    CODE_LOADER,  /* glibc's dynamic loader */
};

/* Told from the file name of the module the code is in; "" for memory without a file. */
enum code_origin code_origin(const char *module);

enum { CALLER_RANGES = 4 };

struct code_range {
    uint64_t low, high;
    enum code_origin origin;
};

struct caller {
    bool known;
    pid_t pid;
    struct startup startup; /* only of threads that we saw exec */
    unsigned next_range;
    struct code_range ranges[CALLER_RANGES]; /* the last ones that called */
};

/* Zeroed memory is an empty one. */
struct callers {
    struct hash index_of; /* by tid, which is used again after millions of processes only */
    ARRAY(struct caller) all;
};

/* NULL when the thread is gone. Valid until the next call. */
struct caller *callers_get(struct callers *callers, pid_t tid);

/* Before an exec, which moves everything: the next call is made by the new program. */
void callers_forget(struct callers *callers, pid_t tid);

/* Whose code is at the address. */
enum code_origin caller_origin(struct caller *caller, uint64_t address);

void callers_free(struct callers *callers);
