/*
 * value_format.h - how a typed value looks to a human: the one place for tables, `show`, `ps` and the
 * dashboard. What does not apply is "-", what may not be read is "denied".
 */
#pragma once

#include "probes/value.h"

#include <stdbool.h>

struct strbuf;

struct value_style {
    bool exact; /* sizes in bytes rather than 64K, durations in seconds */
    const char
        *escape; /* bytes to escape besides those that are unsafe (" " keeps a value one word), or NULL */
};

/*
 * Appends the text of a value, safe for a terminal: strings go through common/escape.h, and in a locale that
 * is not UTF-8 all other bytes than ASCII are escaped too. VALUE_WORD must be escaped already.
 */
void value_format(struct strbuf *buffer, struct value value, const struct value_style *style);

/* Whether values of that type are aligned to the right. */
bool value_is_aligned_right(enum value_type type);
