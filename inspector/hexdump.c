/* hexdump.c - see hexdump.h. */
#include "inspector/hexdump.h"

#include "common/strbuf.h"

#include <inttypes.h>
#include <string.h>

static void add_hex(struct strbuf *text, size_t column, const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < HEXDUMP_WIDTH; i++) {
        strbuf_add_string(text, i == HEXDUMP_WIDTH / 2 ? "  " : " ");
        if (i >= column && i - column < length)
            strbuf_add_format(text, "%02x", bytes[i - column]);
        else
            strbuf_add_string(text, "  ");
    }
}

static void add_line(struct strbuf *text, uint64_t offset, const unsigned char *bytes, size_t length)
{
    size_t column = offset % HEXDUMP_WIDTH;
    strbuf_add_format(text, "%08" PRIx64 " ", offset);
    add_hex(text, column, bytes, length);
    strbuf_add_format(text, "  |%*s", (int)column, "");
    for (size_t i = 0; i < length; i++)
        strbuf_add_char(text, bytes[i] >= ' ' && bytes[i] <= '~' ? (char)bytes[i] : '.');
    strbuf_add_string(text, "|\n");
}

static bool repeats(struct hexdump *dump, const unsigned char *bytes, size_t length)
{
    bool full = length == HEXDUMP_WIDTH;
    bool same = full && dump->comparable && memcmp(dump->last, bytes, HEXDUMP_WIDTH) == 0;
    dump->comparable = full;
    if (full)
        memcpy(dump->last, bytes, HEXDUMP_WIDTH);
    return same;
}

void hexdump_add(struct hexdump *dump, struct strbuf *text, uint64_t offset, const unsigned char *bytes,
                 size_t length)
{
    while (length) {
        size_t step = HEXDUMP_WIDTH - offset % HEXDUMP_WIDTH;
        step = step < length ? step : length;
        if (!repeats(dump, bytes, step)) {
            add_line(text, offset, bytes, step);
            dump->starred = false;
        } else if (!dump->starred) {
            strbuf_add_string(text, "*\n");
            dump->starred = true;
        }
        offset += step;
        bytes += step;
        length -= step;
    }
}

void hexdump_break(struct hexdump *dump)
{
    *dump = (struct hexdump){.comparable = false};
}
