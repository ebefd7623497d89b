/* hexdump.h - bytes as offset, hexadecimal and ASCII; lines that repeat the one above are one "*". */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct strbuf;

enum { HEXDUMP_WIDTH = 16 };

struct hexdump {
    unsigned char last[HEXDUMP_WIDTH]; /* the full line before */
    bool comparable, starred;
};

/* Appends lines for bytes at an offset; lines end where the offset is a multiple of 16. */
void hexdump_add(struct hexdump *dump, struct strbuf *text, uint64_t offset, const unsigned char *bytes,
                 size_t length);

/* What follows is no continuation: the next line will be shown whatever it is. */
void hexdump_break(struct hexdump *dump);
