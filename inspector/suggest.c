/* suggest.c - see suggest.h. Levenshtein's distance with one row of the matrix. */
#include "inspector/suggest.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

enum { WORD_MAX = 64 };

static size_t least(size_t a, size_t b, size_t c)
{
    size_t smaller = a < b ? a : b;
    return smaller < c ? smaller : c;
}

size_t suggest_distance(const char *word, size_t length, const char *known)
{
    size_t row[WORD_MAX + 1];
    size_t known_length = strlen(known);
    if (length > WORD_MAX || known_length > WORD_MAX)
        return SIZE_MAX;
    for (size_t j = 0; j <= known_length; j++)
        row[j] = j;
    for (size_t i = 0; i < length; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < known_length; j++) {
            int differs = tolower((unsigned char)word[i]) != tolower((unsigned char)known[j]);
            size_t replaced = diagonal + (size_t)differs;
            diagonal = row[j + 1];
            row[j + 1] = least(replaced, row[j] + 1, row[j + 1] + 1);
        }
    }
    return row[known_length];
}
