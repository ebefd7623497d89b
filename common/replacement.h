/*
 * replacement.h - a file written whole or not at all: what is written goes into a new file beside it, which
 * takes its name at the end. Until then it has none where the file system can do that (O_TMPFILE), so nothing
 * is left of a writer that is killed. What is no regular file (a pipe, a terminal, /dev/null) is written to
 * directly.
 */
#pragma once

#include <stdio.h>

struct replacement {
    FILE *out;
    char *place;     /* of the file that is replaced, links followed */
    char *temporary; /* its name until then: empty while it has none; NULL when it is written to directly */
};

/* Opens out. Links are followed, and the mode of a file that is there is kept. Returns 0 or -errno. */
int replacement_begin(const char *path, struct replacement *ret_replacement);

/* Closes it, and puts it in place. Returns 0, or -errno: then the file is as it was. */
int replacement_end(struct replacement *replacement);

/* Gives up what was begun and not ended. */
void replacement_drop(struct replacement *replacement);
