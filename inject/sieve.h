/*
 * sieve.h - what the rules of one call ask of its size and flags together: most calls that none of them can
 * match fall through here, which takes a few instructions where judging them takes hundreds. What a sieve
 * stops matches no rule; what it lets through may.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct rule;

/* In shared memory, and read while it is being changed: see plan.c. */
struct sieve {
    _Atomic uint64_t size_min, size_max;
    _Atomic uint64_t flags_set, flags_clear;
};

/* What is let through without any rule, and what each rule adds. */
struct sieve_holes {
    uint64_t size_min, size_max;
    uint64_t flags_set, flags_clear;
};
extern const struct sieve_holes sieve_closed, sieve_open;
void sieve_add(struct sieve_holes *holes, const struct rule *rule, unsigned call);

void sieve_set(struct sieve *sieve, const struct sieve_holes *holes);

/* `size` and `flags` are the call's, or 0 when it has none. */
static inline bool sieve_stops(const struct sieve *sieve, uint64_t size, uint64_t flags)
{
    uint64_t missing = ~flags & atomic_load_explicit(&sieve->flags_set, memory_order_relaxed);
    uint64_t unwanted = flags & atomic_load_explicit(&sieve->flags_clear, memory_order_relaxed);
    return size < atomic_load_explicit(&sieve->size_min, memory_order_relaxed) ||
           size > atomic_load_explicit(&sieve->size_max, memory_order_relaxed) || (missing | unwanted);
}
