/* array.c - the one function behind array.h. */
#include "common/array.h"

#include <stdint.h>
#include <string.h>

void *array_grow(void **items, size_t *count, size_t *capacity, size_t element_size)
{
    if (*count == *capacity) {
        size_t wanted = *capacity ? *capacity + *capacity / 2 + 1 : 8;
        if (wanted > SIZE_MAX / element_size)
            return NULL;
        void *grown = realloc(*items, wanted * element_size);
        if (!grown)
            return NULL;
        *items = grown;
        *capacity = wanted;
    }
    char *element = (char *)*items + (*count)++ * element_size;
    memset(element, 0, element_size);
    return element;
}
