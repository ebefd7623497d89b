/* suggest.c - edit distance with transpositions ("opne" is one step from "open"), case ignored. */
#include "common/suggest.h"

#include <ctype.h>
#include <string.h>

enum { WORD_MAX = 40 };

static size_t least(size_t a, size_t b, size_t c)
{
    size_t smaller = a < b ? a : b;
    return smaller < c ? smaller : c;
}

static int lower(char character)
{
    return tolower((unsigned char)character);
}

static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[WORD_MAX + 1][WORD_MAX + 1];
    for (size_t i = 0; i <= a_length; i++)
        rows[i][0] = i;
    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++)
        for (size_t j = 1; j <= b_length; j++) {
            size_t change = rows[i - 1][j - 1] + (lower(a[i - 1]) != lower(b[j - 1]));
            rows[i][j] = least(rows[i - 1][j] + 1, rows[i][j - 1] + 1, change);
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]))
                rows[i][j] = least(rows[i][j], rows[i - 2][j - 2] + 1, rows[i][j]);
        }
    return rows[a_length][b_length];
}

struct suggest suggest_start(const char *word, size_t length)
{
    /* A third of the letters may be wrong; more would be a guess. */
    return (struct suggest){.word = word, .length = length, .distance = length / 3 + 1};
}

void suggest_offer(struct suggest *suggest, const char *candidate)
{
    size_t length = strlen(candidate);
    if (suggest->length > WORD_MAX || length > WORD_MAX)
        return;
    size_t steps = distance(suggest->word, suggest->length, candidate, length);
    if (steps > suggest->distance || (steps == suggest->distance && suggest->best))
        return;
    suggest->best = candidate;
    suggest->distance = steps;
}
