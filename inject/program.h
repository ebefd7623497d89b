/* program.h - what kind of program a command is, told from its file: which engine can reach its calls. */
#pragma once

#include "inject/calls.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct program {
    char path[PATH_MAX];      /* the file that will run; for a script, its interpreter */
    char sanitizer[NAME_MAX]; /* a sanitizer's run-time library that must stay first, or "" */
    bool dynamic;             /* loaded by ld.so with glibc: the shim works */
    bool go;                  /* made by Go: calls libc for little */
    bool musl;
    bool foreign;    /* for another machine or word size */
    bool privileged; /* setuid, setgid or with capabilities: ld.so ignores LD_PRELOAD */
};

/* Looks for a command as execvp(3) does, then into its file. Returns 0 or -errno; -ELIBACC without libdw. */
int program_look(const char *command, struct program *ret_program);

/* One line why the shim cannot be used, or NULL when it can. */
const char *program_no_preload(const struct program *program);

enum { PROGRAM_REASON_MAX = 512 };

/*
 * The engine that "auto", "preload" or "seccomp" means for a program. Returns 0, -EINVAL when there is no
 * such engine, or -ENOTSUP when it cannot reach the program; both with the reason.
 */
int program_engine(const struct program *program, const char *word, enum call_reach *ret_engine,
                   char reason[PROGRAM_REASON_MAX]);

/* One bit for each number of a system call. */
enum { PROGRAM_SYSCALLS_MAX = 512 };
struct program_syscalls {
    uint64_t bits[PROGRAM_SYSCALLS_MAX / 64];
};

/* True when the program's own code, not a library's, makes one of these system calls: `mov $N, %eax;
 * syscall`. */
bool program_makes_syscall(const struct program *program, const struct program_syscalls *wanted);

/*
 * Finds the range of a function in an ELF file, as offsets from where it is loaded. Returns 0, -ENOENT, or
 * -errno.
 */
int program_function(const char *path, const char *function, unsigned long long *ret_low,
                     unsigned long long *ret_high);
