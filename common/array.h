/*
 * array.h - growable arrays of any type: `ARRAY(struct edge) edges = {0};`.
 * array_push() returns a zeroed new element, or NULL when memory is out; array_free() gives the storage back.
 */
#pragma once

#include <stddef.h>
#include <stdlib.h>

#define ARRAY(type)      \
    struct {             \
        type *items;     \
        size_t count;    \
        size_t capacity; \
    }

/* Makes room for one element more and zeroes it. Returns its address, or NULL with the array as it was. */
void *array_grow(void **items, size_t *count, size_t *capacity, size_t element_size);

#define array_push(array)                                                                                  \
    ((__typeof__((array)->items))array_grow((void **)&(array)->items, &(array)->count, &(array)->capacity, \
                                            sizeof(*(array)->items)))

#define array_free(array)                       \
    do {                                        \
        free((array)->items);                   \
        (array)->items = NULL;                  \
        (array)->count = (array)->capacity = 0; \
    } while (0)

#define array_each(array, item)                                                                              \
    for (__typeof__(&*(array)->items) item = (array)->items; item && item < (array)->items + (array)->count; \
         item++)

#define COUNT_OF(fixed) (sizeof(fixed) / sizeof((fixed)[0]))
