/* hash.c - linear probing at a load below three quarters. */
#include "common/hash.h"

#include "common/fnv.h"

#include <errno.h>
#include <stdlib.h>

struct hash_entry {
    uint64_t high, low;
    uint32_t value;
    bool used;
};

static size_t hash_slot(const struct hash_entry *entries, size_t capacity, uint64_t high, uint64_t low)
{
    uint64_t mixed = (high ^ (low * UINT64_C(0x9E3779B97F4A7C15))) * UINT64_C(0xBF58476D1CE4E5B9);
    size_t slot = (size_t)(mixed ^ (mixed >> 29)) & (capacity - 1);
    while (entries[slot].used && (entries[slot].high != high || entries[slot].low != low))
        slot = (slot + 1) & (capacity - 1);
    return slot;
}

static int hash_grow(struct hash *hash)
{
    size_t capacity = hash->capacity ? hash->capacity * 2 : 64;
    struct hash_entry *entries = calloc(capacity, sizeof(*entries));
    if (!entries)
        return -ENOMEM;
    for (size_t i = 0; i < hash->capacity; i++) {
        const struct hash_entry *entry = &hash->entries[i];
        if (entry->used)
            entries[hash_slot(entries, capacity, entry->high, entry->low)] = *entry;
    }
    free(hash->entries);
    hash->entries = entries;
    hash->capacity = capacity;
    return 0;
}

int hash_put(struct hash *hash, uint64_t high, uint64_t low, uint32_t value)
{
    if (hash->count * 4 >= hash->capacity * 3 && hash_grow(hash) < 0)
        return -ENOMEM;
    struct hash_entry *entry = &hash->entries[hash_slot(hash->entries, hash->capacity, high, low)];
    if (!entry->used)
        hash->count++;
    *entry = (struct hash_entry){.high = high, .low = low, .value = value, .used = true};
    return 0;
}

bool hash_get(const struct hash *hash, uint64_t high, uint64_t low, uint32_t *ret_value)
{
    if (!hash->capacity)
        return false;
    const struct hash_entry *entry = &hash->entries[hash_slot(hash->entries, hash->capacity, high, low)];
    if (!entry->used)
        return false;
    *ret_value = entry->value;
    return true;
}

uint64_t hash_bytes(const void *bytes, size_t length)
{
    return fnv_add(FNV_START, bytes, length);
}

void hash_free(struct hash *hash)
{
    free(hash->entries);
    *hash = (struct hash){0};
}
