/* suggest.h - "did you mean …?": which known word a wrong one is nearest to. */
#pragma once

#include <stddef.h>

/* How many letters must be added, dropped or replaced to make one word of the other, ignoring case; long
 * words count as far apart. */
size_t suggest_distance(const char *word, size_t length, const char *known);

/* Whether a distance is small enough to suggest the word. */
static inline int suggest_is_near(size_t distance, size_t length)
{
    return distance <= (length < 4 ? 1 : length / 2);
}
