/* stillness.c - see stillness.h. */
#include "inspector/dashboard/stillness.h"

#include "common/hash.h"
#include "inspector/dashboard/collector.h"
#include "probes/collect.h"
#include "probes/kind.h"
#include "probes/snapshot.h"

/* A walk may take one part in SHARE of the time, but is put off for no more than so many intervals or so
 * long. */
enum { SHARE = 80, INTERVALS = 3 };
static const uint64_t longest = UINT64_C(5000000000);

static uint64_t most(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* Kinds that exist by themselves, in tables of the kernel. */
static uint64_t kinds_in_tables(uint64_t wanted)
{
    uint64_t chosen = 0;
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (wanted & UINT64_C(1) << i && !kinds[i]->always && kinds[i]->enumerate)
            chosen |= UINT64_C(1) << i;
    return chosen | (wanted & (KIND_BIT(posix_shm) | KIND_BIT(posix_sem)));
}

static void mix(uint64_t *digest, uint64_t number)
{
    *digest = (*digest ^ number) * UINT64_C(0x9E3779B97F4A7C15);
    *digest ^= *digest >> 32;
}

static uint64_t digest_of(const struct snapshot *snapshot)
{
    uint64_t digest = snapshot->object_count;
    for (size_t i = 0; i < snapshot->object_count; i++) {
        const struct object *object = snapshot->objects[i];
        mix(&digest, object->identity.space ^ object->identity.number);
        for (size_t j = 0; j < FIELD_COUNT; j++) {
            struct value value = object->fields[j];
            bool text = value.type == VALUE_STRING || value.type == VALUE_WORD;
            if (value_known(value))
                mix(&digest, text ? hash_bytes(value.string, value.length) : value.number);
        }
        for (size_t j = 0; object->semaphores && j < object->fields[FIELD_NSEMS].number; j++)
            mix(&digest, hash_bytes(&object->semaphores[j], sizeof(object->semaphores[j])));
    }
    return digest;
}

bool stillness_holds(struct stillness *stillness, struct kernel *kernel, const struct wish *wish,
                     uint64_t now)
{
    uint64_t put_off = stillness->walk_takes * SHARE, limit = most(INTERVALS * wish->interval, longest);
    struct request request = {.kinds = kinds_in_tables(wish->kinds), .needs = NEED_VALUES};
    struct snapshot *tables;
    put_off = put_off > limit ? limit : put_off;
    if (put_off <= wish->interval || wish->all_namespaces || wish->contents || wish->limits)
        return false;
    if (snapshot_collect(kernel, &request, &tables) < 0)
        return false;
    uint64_t digest = digest_of(tables);
    bool same = digest == stillness->digest;
    snapshot_free(tables);
    stillness->digest = digest;
    return same && now < stillness->walked + put_off;
}
