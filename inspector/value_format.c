/* value_format.c - see value_format.h. One function a type, in a table. */
#include "inspector/value_format.h"

#include "common/array.h"
#include "common/escape.h"
#include "common/strbuf.h"
#include "common/units.h"
#include "inspector/ids.h"

#include <inttypes.h>
#include <langinfo.h>
#include <string.h>

typedef void format_function(struct strbuf *buffer, struct value value, const struct value_style *style);

static bool locale_is_utf8(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* Escaped text may still hold UTF-8, whose bytes another locale may take for controls, and spaces. */
static void add_escaped(struct strbuf *buffer, const char *text, size_t length,
                        const struct value_style *style)
{
    bool utf8 = locale_is_utf8();
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if ((byte >= 0x80 && !utf8) || (style->escape && byte && strchr(style->escape, byte)))
            strbuf_add_format(buffer, "\\x%02x", byte);
        else
            strbuf_add_char(buffer, text[i]);
    }
}

static void format_none(struct strbuf *buffer, struct value value, const struct value_style *style)
{
    (void)value;
    (void)style;
    strbuf_add_char(buffer, '-');
}

static void format_denied(struct strbuf *buffer, struct value value, const struct value_style *style)
{
    (void)value;
    (void)style;
    strbuf_add_string(buffer, "denied");
}

static void format_number(struct strbuf *buffer, struct value value, const struct value_style *style)
{
    (void)style;
    strbuf_add_format(buffer, "%" PRIu64, value.number);
}

static void format_bytes(struct strbuf *buffer, struct value value, const struct value_style *style)
{
    char text[UNITS_TEXT_MAX];
    if (style->exact)
        format_number(buffer, value, style);
    else
        strbuf_add_string(buffer, units_format_size(value.number, text));
}

static void format_time(struct strbuf *buffer, struct value value, const struct value_style *style)
{
    char text[UNITS_TEXT_MAX];
    (void)style;
    strbuf_add_string(buffer, units_format_time(value.number, text));
}

static void format_duration(struct strbuf *buffer, struct value value, const struct value_style *style)
{
    char text[UNITS_TEXT_MAX];
    if (style->exact)
        strbuf_add_format(buffer, "%" PRIu64, value.number / UINT64_C(1000000000));
    else
        strbuf_add_string(buffer, units_format_duration(value.number, text));
}

static void format_string(struct strbuf *buffer, struct value value, const struct value_style *style)
{
    AUTO_STRBUF struct strbuf escaped = {0};
    escape_bytes(&escaped, value.string, value.length, NULL);
    buffer->failed |= escaped.failed;
    add_escaped(buffer, strbuf_text(&escaped), escaped.length, style);
}

static void format_word(struct strbuf *buffer, struct value value, const struct value_style *style)
{
    add_escaped(buffer, value.string, value.length, style);
}

static void format_mode(struct strbuf *buffer, struct value value, const struct value_style *style)
{
    char text[UNITS_TEXT_MAX];
    (void)style;
    strbuf_add_string(buffer, units_format_mode((unsigned)value.number, text));
}

static void format_key(struct strbuf *buffer, struct value value, const struct value_style *style)
{
    (void)style;
    strbuf_add_format(buffer, "0x%08" PRIx32, (uint32_t)value.number);
}

static void format_id(struct strbuf *buffer, struct value value, const struct value_style *style,
                      const char *name)
{
    if (name)
        format_string(buffer, value_string(name, strlen(name)), style);
    else
        format_number(buffer, value, style);
}

static void format_user(struct strbuf *buffer, struct value value, const struct value_style *style)
{
    format_id(buffer, value, style, user_name((uid_t)value.number));
}

static void format_group(struct strbuf *buffer, struct value value, const struct value_style *style)
{
    format_id(buffer, value, style, group_name((gid_t)value.number));
}

static void format_percent(struct strbuf *buffer, struct value value, const struct value_style *style)
{
    (void)style;
    strbuf_add_format(buffer, "%" PRIu64 "%%", value.number);
}

static const char *sign_of(int64_t change)
{
    return change < 0 ? "-" : change > 0 ? "+" : "";
}

static uint64_t size_of(int64_t change)
{
    return change < 0 ? -(uint64_t)change : (uint64_t)change;
}

/* "+2.5"; from 100 on without a fraction, which nobody would read. */
static void format_rate(struct strbuf *buffer, struct value value, const struct value_style *style)
{
    uint64_t tenths = (size_of(value.change) + 50) / 100;
    (void)style;
    strbuf_add_format(buffer, "%s%" PRIu64, tenths ? sign_of(value.change) : "", tenths / 10);
    if (tenths && tenths < 1000)
        strbuf_add_format(buffer, ".%" PRIu64, tenths % 10);
}

static void format_byte_rate(struct strbuf *buffer, struct value value, const struct value_style *style)
{
    strbuf_add_string(buffer, sign_of(value.change));
    format_bytes(buffer, value_of(VALUE_BYTES, size_of(value.change)), style);
}

static const struct {
    format_function *format;
    bool right;
} types[] = {
    [VALUE_NONE] = {format_none,      false},
      [VALUE_DENIED] = {format_denied,    false},
    [VALUE_NUMBER] = {format_number,    true },
      [VALUE_BYTES] = {format_bytes,     true },
    [VALUE_TIME] = {format_time,      false},
      [VALUE_DURATION] = {format_duration,  true },
    [VALUE_STRING] = {format_string,    false},
      [VALUE_WORD] = {format_word,      false},
    [VALUE_MODE] = {format_mode,      false},
      [VALUE_KEY] = {format_key,       false},
    [VALUE_USER] = {format_user,      false},
      [VALUE_GROUP] = {format_group,     false},
    [VALUE_PID] = {format_number,    true },
      [VALUE_PERCENT] = {format_percent,   true },
    [VALUE_RATE] = {format_rate,      true },
      [VALUE_BYTE_RATE] = {format_byte_rate, true },
};

void value_format(struct strbuf *buffer, struct value value, const struct value_style *style)
{
    types[value.type].format(buffer, value, style);
}

bool value_is_aligned_right(enum value_type type)
{
    return types[type].right;
}
