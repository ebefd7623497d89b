/*
 * stack_hash.h - the hash of a stack: over what stays the same from run to run, file names of modules and
 * offsets in them. Pure; shared by the shim and shmoo, so that both engines name a stack alike.
 */
#pragma once

#include "common/fnv.h"

#include <string.h>

#define STACK_HASH_START FNV_START

/* Adds a frame: the path of its module, of which the file name counts, and the offset there. */
static inline uint64_t stack_hash_frame(uint64_t hash, const char *path, uint64_t offset)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    return fnv_add(fnv_add(hash, name, strlen(name)), &offset, sizeof(offset));
}
