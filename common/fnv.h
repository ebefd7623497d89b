/* fnv.h - the hash FNV-1a, piece by piece. Pure; for those who cannot link hash.c too. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define FNV_START UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

/* The hash of what `hash` is of, and these bytes behind it. */
static inline uint64_t fnv_add(uint64_t hash, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    for (size_t index = 0; index < length; index++)
        hash = (hash ^ at[index]) * FNV_PRIME;
    return hash;
}
