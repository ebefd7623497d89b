/* scan.c - see scan.h. */
#include "common/scan.h"

#include <string.h>

struct scan scan_text(const char *text)
{
    return scan_bytes(text, strlen(text));
}

struct scan scan_bytes(const char *bytes, size_t length)
{
    return (struct scan){.at = bytes, .end = bytes + length};
}

char scan_peek(const struct scan *scan)
{
    return scan_done(scan) ? '\0' : *scan->at;
}

bool scan_char(struct scan *scan, char character)
{
    if (scan_done(scan) || *scan->at != character)
        return false;
    scan->at++;
    return true;
}

bool scan_literal(struct scan *scan, const char *literal)
{
    size_t length = strlen(literal);
    if ((size_t)(scan->end - scan->at) < length || memcmp(scan->at, literal, length) != 0)
        return false;
    scan->at += length;
    return true;
}

void scan_blanks(struct scan *scan)
{
    while (!scan_done(scan) && (*scan->at == ' ' || *scan->at == '\t'))
        scan->at++;
}

static int digit_value(char character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    if (character >= 'a' && character <= 'f')
        return character - 'a' + 10;
    if (character >= 'A' && character <= 'F')
        return character - 'A' + 10;
    return 99;
}

static bool scan_number(struct scan *scan, unsigned base, uint64_t *ret_value)
{
    const char *at = scan->at;
    uint64_t value = 0;
    for (; at < scan->end && digit_value(*at) < (int)base; at++) {
        if (__builtin_mul_overflow(value, base, &value) ||
            __builtin_add_overflow(value, (uint64_t)digit_value(*at), &value))
            return false;
    }
    if (at == scan->at)
        return false;
    scan->at = at;
    *ret_value = value;
    return true;
}

bool scan_decimal(struct scan *scan, uint64_t *ret_value)
{
    return scan_number(scan, 10, ret_value);
}

bool scan_hex(struct scan *scan, uint64_t *ret_value)
{
    return scan_number(scan, 16, ret_value);
}

bool scan_octal(struct scan *scan, uint64_t *ret_value)
{
    return scan_number(scan, 8, ret_value);
}

bool scan_signed(struct scan *scan, int64_t *ret_value)
{
    struct scan probe = *scan;
    bool negative = scan_char(&probe, '-');
    uint64_t magnitude;
    if (!scan_decimal(&probe, &magnitude) || magnitude > (uint64_t)INT64_MAX + negative)
        return false;
    *ret_value = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
    *scan = probe;
    return true;
}

bool scan_word(struct scan *scan, const char **ret_word, size_t *ret_length)
{
    const char *at = scan->at;
    while (at < scan->end && *at != ' ' && *at != '\t' && *at != '\n')
        at++;
    if (at == scan->at)
        return false;
    *ret_word = scan->at;
    *ret_length = (size_t)(at - scan->at);
    scan->at = at;
    return true;
}

bool scan_line(struct scan *scan, struct scan *ret_line)
{
    if (scan_done(scan))
        return false;
    const char *newline = memchr(scan->at, '\n', (size_t)(scan->end - scan->at));
    const char *line_end = newline ? newline : scan->end;
    *ret_line = (struct scan){.at = scan->at, .end = line_end};
    scan->at = newline ? newline + 1 : line_end;
    return true;
}
