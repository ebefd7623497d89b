/*
 * units.h - numbers with units, both ways: "64K" and 65536, "1h30m" and nanoseconds.
 * Sizes are powers of 1024 (K, KiB and KB alike, as in util-linux); durations take ns, us, ms, s, m, h, d, w.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UNITS_TEXT_MAX = 32 };

/* Each reads the whole text, or returns -EINVAL (not a number of that form) or -ERANGE. */
int units_parse_number(const char *text, uint64_t *ret_value);
int units_parse_size(const char *text, uint64_t *ret_bytes);
int units_parse_duration(const char *text, uint64_t *ret_nanoseconds);

/* Each writes a short text into a buffer of UNITS_TEXT_MAX bytes and returns the buffer. */
const char *units_format_size(uint64_t bytes, char buffer[static UNITS_TEXT_MAX]);
const char *units_format_duration(uint64_t nanoseconds, char buffer[static UNITS_TEXT_MAX]);

/* What to call so many of them. */
static inline const char *units_processes(size_t count)
{
    return count == 1 ? "process" : "processes";
}

/* Local time as 2026-11-23T19:47:30; "-" for 0. Nanoseconds since 1970. */
const char *units_format_time(uint64_t nanoseconds, char buffer[static UNITS_TEXT_MAX]);

/* Permission bits as rw-r--r--, with s and t as ls(1) writes them. */
const char *units_format_mode(unsigned mode, char buffer[static UNITS_TEXT_MAX]);
