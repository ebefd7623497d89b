/*
 * escape.h - the one escape for strings that come from outside (object names, command names, link targets).
 * Printable UTF-8 stays as it is. Everything that could move a cursor, hide text or break a line becomes
 * \xHH, byte by byte: controls, invalid UTF-8, DEL, C1 controls, line separators and bidirectional
 * formatting. A backslash becomes \\, so the escape is reversible.
 */
#pragma once

#include <stddef.h>

struct strbuf;

/* Appends the escaped form; every byte of `also` (may be NULL) is escaped too. */
void escape_bytes(struct strbuf *buffer, const char *bytes, size_t length, const char *also);

/* Appends what an escaped text stands for. Returns 0, or -EINVAL when a backslash is followed by nonsense. */
int escape_decode(struct strbuf *buffer, const char *text);
