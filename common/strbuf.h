/*
 * strbuf.h - a growing byte string. An allocation that fails is remembered in `failed` and later additions
 * do nothing, so a caller may build first and check once. `text` is NUL-terminated whenever it is not NULL.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct strbuf {
    char *text;
    size_t length;
    size_t capacity;
    bool failed;
};

void strbuf_add(struct strbuf *buffer, const void *bytes, size_t length);
void strbuf_add_string(struct strbuf *buffer, const char *text);
void strbuf_add_char(struct strbuf *buffer, char character);
void strbuf_add_format(struct strbuf *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Makes room for `extra` bytes after the text (and a NUL). Returns where they go, or NULL when memory is out.
 */
char *strbuf_reserve(struct strbuf *buffer, size_t extra);

/* The text, never NULL: "" when nothing was added. */
const char *strbuf_text(const struct strbuf *buffer);

/* Empties it and keeps the memory. */
void strbuf_clear(struct strbuf *buffer);
void strbuf_free(struct strbuf *buffer);

#define AUTO_STRBUF __attribute__((cleanup(strbuf_free)))
