/*
 * scan.h - a cursor over text that comes from outside: every step is bounded, fails without moving, and
 * accepts exactly what it names. Parsers of /proc files, recordings, rules and filters are built on it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scan {
    const char *at;
    const char *end;
};

struct scan scan_text(const char *text);
struct scan scan_bytes(const char *bytes, size_t length);

static inline bool scan_done(const struct scan *scan)
{
    return scan->at >= scan->end;
}

/* The next byte, or 0 at the end. */
char scan_peek(const struct scan *scan);

/* Steps over one given character / one given word. */
bool scan_char(struct scan *scan, char character);
bool scan_literal(struct scan *scan, const char *literal);

/* Steps over spaces and tabs (not newlines). */
void scan_blanks(struct scan *scan);

/* Unsigned numbers: digits only, no sign, no overflow. */
bool scan_decimal(struct scan *scan, uint64_t *ret_value);
bool scan_hex(struct scan *scan, uint64_t *ret_value);
bool scan_octal(struct scan *scan, uint64_t *ret_value);

/* A decimal number with an optional minus sign. */
bool scan_signed(struct scan *scan, int64_t *ret_value);

/* A non-empty run of bytes up to a blank, newline or the end; points into the text. */
bool scan_word(struct scan *scan, const char **ret_word, size_t *ret_length);

/* The rest of the line without its newline, which is stepped over. False at the end of the text. */
bool scan_line(struct scan *scan, struct scan *ret_line);
