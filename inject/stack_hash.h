/*
 * stack_hash.h - the hash of a stack: over what stays the same from run to run, file names of modules and
 * offsets in them. Pure; shared by the shim and shmoo, so that both engines name a stack alike.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define STACK_HASH_START UINT64_C(0xcbf29ce484222325)

/* FNV-1a. */
static inline uint64_t stack_hash_bytes(uint64_t hash, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    for (size_t index = 0; index < length; index++)
        hash = (hash ^ at[index]) * 0x100000001b3;
    return hash;
}

/* Adds a frame: the path of its module, of which the file name counts, and the offset there. */
static inline uint64_t stack_hash_frame(uint64_t hash, const char *path, uint64_t offset)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    return stack_hash_bytes(stack_hash_bytes(hash, name, strlen(name)), &offset, sizeof(offset));
}
