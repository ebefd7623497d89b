/*
 * arena.c - bump allocation in blocks: some of 64 KiB, and in a large arena of a huge page each, which
 * the kernel then fills in at once, with zeros, instead of page by page.
 */
#include "common/arena.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    ARENA_BLOCK_SIZE = 64 * 1024,
    ARENA_HUGE_SIZE = 2 * 1024 * 1024,
    ARENA_LARGE = 4 * ARENA_BLOCK_SIZE,
    ARENA_ALIGNMENT = 16
};

struct arena_block {
    struct arena_block *next;
    size_t size;
    size_t used;
    bool mapped;
    _Alignas(ARENA_ALIGNMENT) char bytes[];
};

/* NULL where it does not fit, or when memory is out. */
static struct arena_block *map_huge_block(size_t size)
{
    if (size > ARENA_HUGE_SIZE - sizeof(struct arena_block))
        return NULL;
    struct arena_block *block =
        mmap(NULL, ARENA_HUGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED)
        return NULL;
    madvise(block, ARENA_HUGE_SIZE, MADV_HUGEPAGE);
    block->size = ARENA_HUGE_SIZE - sizeof(*block);
    block->mapped = true;
    return block;
}

static struct arena_block *arena_add_block(struct arena *arena, size_t size)
{
    struct arena_block *block = arena->total < ARENA_LARGE ? NULL : map_huge_block(size);
    size_t room = size > ARENA_BLOCK_SIZE ? size : ARENA_BLOCK_SIZE;
    if (!block) {
        block = malloc(sizeof(*block) + room);
        if (!block)
            return NULL;
        block->size = room;
        block->mapped = false;
    }
    block->next = arena->blocks;
    block->used = 0;
    arena->blocks = block;
    arena->total += sizeof(*block) + block->size;
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2)
        return NULL;
    size = (size + ARENA_ALIGNMENT - 1) & ~(size_t)(ARENA_ALIGNMENT - 1);
    struct arena_block *block = arena->blocks;
    if (!block || block->size - block->used < size)
        block = arena_add_block(arena, size);
    if (!block)
        return NULL;
    void *memory = block->bytes + block->used;
    block->used += size;
    return block->mapped ? memory : memset(memory, 0, size);
}

char *arena_copy(struct arena *arena, const void *bytes, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);
    if (copy && length)
        memcpy(copy, bytes, length);
    return copy;
}

char *arena_string(struct arena *arena, const char *text)
{
    return text ? arena_copy(arena, text, strlen(text)) : NULL;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    char *text = length < 0 ? NULL : arena_alloc(arena, (size_t)length + 1);
    if (text)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    va_end(arguments);
    return text;
}

void arena_join(struct arena *arena, struct arena *other)
{
    struct arena_block **last = &arena->blocks;
    while (*last)
        last = &(*last)->next;
    *last = other->blocks;
    arena->total += other->total;
    *other = (struct arena){0};
}

void arena_free(struct arena *arena)
{
    while (arena->blocks) {
        struct arena_block *block = arena->blocks;
        arena->blocks = block->next;
        if (block->mapped)
            munmap(block, ARENA_HUGE_SIZE);
        else
            free(block);
    }
    arena->total = 0;
}
