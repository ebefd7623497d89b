/* suggest.h - the nearest known word to one that was mistyped. */
#pragma once

#include <stddef.h>

struct suggest {
    const char *word; /* as typed; not NUL-terminated */
    size_t length;
    const char *best; /* NULL while nothing is near enough */
    size_t distance;
};

struct suggest suggest_start(const char *word, size_t length);

/* Offers a candidate, which must outlive the suggestion. */
void suggest_offer(struct suggest *suggest, const char *candidate);
