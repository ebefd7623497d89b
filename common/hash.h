/*
 * hash.h - a hash table from a pair of 64-bit numbers (device and inode, namespace and id, …) to an index.
 * Open addressing; entries are only added or overwritten, never removed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hash_entry;

struct hash {
    struct hash_entry *entries;
    size_t count;
    size_t capacity; /* zero or a power of two */
};

/* Sets the value of a key. Returns 0 or -ENOMEM. */
int hash_put(struct hash *hash, uint64_t high, uint64_t low, uint32_t value);

/* True with the value in ret_value when the key is there. */
bool hash_get(const struct hash *hash, uint64_t high, uint64_t low, uint32_t *ret_value);

/* FNV-1a over bytes, to make a key of a string (callers compare the string itself afterwards). */
uint64_t hash_bytes(const void *bytes, size_t length);

void hash_free(struct hash *hash);
