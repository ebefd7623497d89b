/* escape.c - see escape.h. UTF-8 is decoded here rather than by mbrtowc(), which depends on the locale. */
#include "common/escape.h"

#include "common/array.h"
#include "common/scan.h"
#include "common/strbuf.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Length of the UTF-8 sequence at `byte` (1 to 4) with its code point, or 0 when it is not valid. */
static size_t utf8_decode(const unsigned char *byte, size_t length, uint32_t *ret_point)
{
    static const struct {
        unsigned char mask, lead;
        uint32_t least;
    } forms[] = {
        {0x80, 0x00, 0      },
        {0xE0, 0xC0, 0x80   },
        {0xF0, 0xE0, 0x800  },
        {0xF8, 0xF0, 0x10000}
    };

    for (size_t size = 1; size <= COUNT_OF(forms) && size <= length; size++) {
        if ((byte[0] & forms[size - 1].mask) != forms[size - 1].lead)
            continue;
        uint32_t point = byte[0] & (unsigned char)~forms[size - 1].mask;
        for (size_t i = 1; i < size; i++) {
            if ((byte[i] & 0xC0) != 0x80)
                return 0;
            point = point << 6 | (byte[i] & 0x3F);
        }
        bool valid =
            point >= forms[size - 1].least && point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
        *ret_point = point;
        return valid ? size : 0;
    }
    return 0;
}

/* Code points that change how the rest of a line is shown: Unicode categories Cc, Zl, Zp and bidi Cf. */
static bool point_is_unsafe(uint32_t point)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0,       0x1F   },
        {0x7F,    0x9F   },
        {0xAD,    0xAD   },
        {0x61C,   0x61C  },
        {0x200B,  0x200F },
        {0x2028,  0x202E },
        {0x2060,  0x206F },
        {0xFEFF,  0xFEFF },
        {0xFFF9,  0xFFFB },
        {0xFFFE,  0xFFFF },
        {0xE0000, 0xE007F}
    };
    for (size_t i = 0; i < COUNT_OF(ranges); i++)
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    return false;
}

/* How many bytes from here on are printable ASCII that needs no escape; nearly every name is nothing else. */
static size_t plain_run(const unsigned char *byte, size_t length, const char *also)
{
    size_t run = 0;
    while (run < length && byte[run] >= ' ' && byte[run] < 0x7F && byte[run] != '\\' &&
           !(also && strchr(also, byte[run])))
        run++;
    return run;
}

void escape_bytes(struct strbuf *buffer, const char *bytes, size_t length, const char *also)
{
    const unsigned char *byte = (const unsigned char *)bytes;
    while (length) {
        size_t plain = plain_run(byte, length, also);
        strbuf_add(buffer, byte, plain);
        byte += plain;
        length -= plain;
        if (!length)
            break;
        uint32_t point = 0;
        size_t size = utf8_decode(byte, length, &point);
        bool unsafe = !size || point_is_unsafe(point) || (also && size == 1 && strchr(also, (int)point));
        size_t step = size ? size : 1;
        if (unsafe) {
            for (size_t i = 0; i < step; i++)
                strbuf_add_format(buffer, "\\x%02x", byte[i]);
        } else if (point == '\\') {
            strbuf_add_string(buffer, "\\\\");
        } else {
            strbuf_add(buffer, byte, step);
        }
        byte += step;
        length -= step;
    }
}

int escape_decode(struct strbuf *buffer, const char *text)
{
    struct scan scan = scan_text(text);
    while (!scan_done(&scan)) {
        if (!scan_char(&scan, '\\')) {
            strbuf_add_char(buffer, *scan.at++);
            continue;
        }
        if (scan_char(&scan, '\\')) {
            strbuf_add_char(buffer, '\\');
            continue;
        }
        uint64_t value;
        if (!scan_char(&scan, 'x') || scan.end - scan.at < 2)
            return -EINVAL;
        struct scan digits = scan_bytes(scan.at, 2);
        if (!scan_hex(&digits, &value) || !scan_done(&digits))
            return -EINVAL;
        strbuf_add_char(buffer, (char)value);
        scan.at += 2;
    }
    return buffer->failed ? -ENOMEM : 0;
}
