/* strbuf.c - see strbuf.h. */
#include "common/strbuf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *strbuf_reserve(struct strbuf *buffer, size_t extra)
{
    if (buffer->failed || extra > SIZE_MAX / 4) {
        buffer->failed = true;
        return NULL;
    }
    size_t needed = buffer->length + extra + 1;
    if (needed > buffer->capacity) {
        size_t capacity = needed + needed / 2 + 32;
        char *grown = realloc(buffer->text, capacity);
        if (!grown) {
            buffer->failed = true;
            return NULL;
        }
        buffer->text = grown;
        buffer->capacity = capacity;
    }
    return buffer->text + buffer->length;
}

void strbuf_add(struct strbuf *buffer, const void *bytes, size_t length)
{
    char *end = strbuf_reserve(buffer, length);
    if (!end)
        return;
    if (length)
        memcpy(end, bytes, length);
    end[length] = '\0';
    buffer->length += length;
}

void strbuf_add_string(struct strbuf *buffer, const char *text)
{
    strbuf_add(buffer, text, strlen(text));
}

void strbuf_add_char(struct strbuf *buffer, char character)
{
    strbuf_add(buffer, &character, 1);
}

void strbuf_add_format(struct strbuf *buffer, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    char *end = length < 0 ? NULL : strbuf_reserve(buffer, (size_t)length);
    if (end) {
        vsnprintf(end, (size_t)length + 1, format, again);
        buffer->length += (size_t)length;
    }
    va_end(again);
    va_end(arguments);
}

const char *strbuf_text(const struct strbuf *buffer)
{
    return buffer->text ? buffer->text : "";
}

void strbuf_clear(struct strbuf *buffer)
{
    buffer->length = 0;
    buffer->failed = false;
    if (buffer->text)
        buffer->text[0] = '\0';
}

void strbuf_free(struct strbuf *buffer)
{
    free(buffer->text);
    *buffer = (struct strbuf){0};
}
