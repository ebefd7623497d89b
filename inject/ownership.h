/*
 * ownership.h - whether what a call is about may be another user's, for the guards of EACCES and EPERM.
 * Shared by the shim and shmoo: nothing here allocates or is unsafe in a signal handler.
 */
#pragma once

#include "inject/decide.h"

#include <limits.h>
#include <sys/types.h>

enum { OWNERSHIP_PATH_SIZE = NAME_MAX + 64 };

/* How system calls are made: past the shim, in the shim. -1 when they fail. */
typedef long ownership_syscall(long number, ...);

/*
 * The file that a named object is, under `root` ("" or "/proc/PID/root"). `name` is as libc takes it, or the
 * path that libc makes of it. False when it does not fit.
 */
bool ownership_path(unsigned call, const char *root, const char *name, char path[OWNERSHIP_PATH_SIZE]);

/* STATE_FOREIGN unless the file is there and the user's. */
uint32_t ownership_of_file(const char *path, uid_t user);

/* STATE_FOREIGN unless the System V object that a call is about is there, in our ipc namespace, and the
 * user's. */
uint32_t ownership_of_id(ownership_syscall *make, const struct facts *facts, uid_t user);
