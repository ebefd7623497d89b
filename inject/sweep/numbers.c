/* numbers.c - see numbers.h. */
#include "inject/sweep/numbers.h"

#include <string.h>

static const char digits[] = "0123456789";

struct number {
    const char *start;
    size_t length;
};

/* The number at or after *place, which is moved behind it; one of no length at the end. */
static struct number next_number(const char **place)
{
    const char *start = *place + strcspn(*place, digits);
    size_t length = strspn(start, "0123456789.");
    *place = start + length;
    return (struct number){start, length};
}

static bool are_equal(struct number one, struct number other)
{
    return one.length == other.length && memcmp(one.start, other.start, one.length) == 0;
}

number_set numbers_compare(const struct output_seen *one, const struct output_seen *other)
{
    const char *places[] = {one->text, other->text};
    number_set differing = 0;
    for (unsigned index = 0; index < NUMBERS_MAX; index++)
        if (!are_equal(next_number(&places[0]), next_number(&places[1])))
            differing |= 1ULL << index;
    return differing;
}
