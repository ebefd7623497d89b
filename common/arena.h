/*
 * arena.h - memory that is freed all at once: everything a snapshot owns lives in one arena.
 * Not thread-safe; blocks never move, so pointers into it stay good until arena_free().
 */
#pragma once

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks;
    size_t total; /* bytes taken from the system */
};

/* Zeroed memory aligned for any type, or NULL when memory is out. */
void *arena_alloc(struct arena *arena, size_t size);

/* A NUL-terminated copy of `length` bytes (which may contain NULs themselves), or NULL. */
char *arena_copy(struct arena *arena, const void *bytes, size_t length);

/* A copy of a string, or NULL when memory is out or `text` is NULL. */
char *arena_string(struct arena *arena, const char *text);

/* A formatted string, or NULL when memory is out. */
char *arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Hands everything in `other` over, which is empty then; pointers into it stay good. */
void arena_join(struct arena *arena, struct arena *other);

void arena_free(struct arena *arena);
