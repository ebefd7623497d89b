/* json.c - see json.h. */
#include "inspector/json.h"

#include "common/array.h"
#include "common/escape.h"
#include "inspector/ids.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

enum { CHUNK = 64 * 1024 };

struct json json_begin(FILE *out)
{
    return (struct json){.out = out};
}

static void add_key(struct json *json, const char *key)
{
    if (json->comma)
        strbuf_add_char(&json->text, ',');
    json->comma = true;
    if (!key)
        return;
    strbuf_add_char(&json->text, '"');
    strbuf_add_string(&json->text, key);
    strbuf_add(&json->text, "\":", 2);
}

void json_open(struct json *json, const char *key, char bracket)
{
    add_key(json, key);
    strbuf_add_char(&json->text, bracket);
    json->comma = false;
}

void json_close(struct json *json, char bracket)
{
    strbuf_add_char(&json->text, bracket == '{' ? '}' : ']');
    json->comma = true;
}

static void write_out(struct json *json)
{
    fwrite(strbuf_text(&json->text), 1, json->text.length, json->out);
    strbuf_clear(&json->text);
}

void json_line(struct json *json)
{
    if (json->comma)
        strbuf_add_char(&json->text, ',');
    strbuf_add_char(&json->text, '\n');
    json->comma = false;
    if (json->text.length >= CHUNK)
        write_out(json);
}

void json_number(struct json *json, const char *key, uint64_t number)
{
    char digits[20];
    size_t at = sizeof(digits);
    add_key(json, key);
    do
        digits[--at] = (char)('0' + number % 10);
    while (number /= 10);
    strbuf_add(&json->text, digits + at, sizeof(digits) - at);
}

void json_signed(struct json *json, const char *key, int64_t number)
{
    add_key(json, key);
    strbuf_add_format(&json->text, "%" PRId64, number);
}

void json_bool(struct json *json, const char *key, bool truth)
{
    add_key(json, key);
    strbuf_add_string(&json->text, truth ? "true" : "false");
}

/* What the escape leaves to be escaped for JSON: quotes, and its own backslashes. */
static void add_quoted(struct strbuf *buffer, const char *text, size_t length)
{
    strbuf_add_char(buffer, '"');
    while (length) {
        size_t plain = 0;
        while (plain < length && text[plain] != '"' && text[plain] != '\\')
            plain++;
        strbuf_add(buffer, text, plain);
        text += plain;
        length -= plain;
        if (!length)
            break;
        strbuf_add_char(buffer, '\\');
        strbuf_add_char(buffer, *text++);
        length--;
    }
    strbuf_add_char(buffer, '"');
}

void json_bytes(struct json *json, const char *key, const char *bytes, size_t length)
{
    AUTO_STRBUF struct strbuf escaped = {0};
    escape_bytes(&escaped, bytes, length, NULL);
    json->text.failed |= escaped.failed;
    add_key(json, key);
    add_quoted(&json->text, strbuf_text(&escaped), escaped.length);
}

void json_text(struct json *json, const char *key, const char *text)
{
    add_key(json, key);
    add_quoted(&json->text, text, strlen(text));
}

static void add_digits(struct strbuf *buffer, uint64_t number, int digits)
{
    char text[20];
    for (int i = digits; i-- > 0; number /= 10)
        text[i] = (char)('0' + number % 10);
    strbuf_add(buffer, text, (size_t)digits);
}

/* Most times of an answer are of the same day, whose date is worked out once. */
static const char *date_of(struct json *json, uint64_t day)
{
    time_t seconds = (time_t)(day * 86400);
    struct tm utc;
    if (day == json->day && *json->date)
        return json->date;
    if (!gmtime_r(&seconds, &utc) || !strftime(json->date, sizeof(json->date), "%Y-%m-%d", &utc))
        json->date[0] = '\0';
    json->day = day;
    return json->date;
}

static void add_time(struct json *json, const char *key, uint64_t nanoseconds)
{
    uint64_t seconds = nanoseconds / UINT64_C(1000000000), rest = nanoseconds % UINT64_C(1000000000);
    const char *date = date_of(json, seconds / 86400);
    if (!nanoseconds || !*date)
        return;
    add_key(json, key);
    strbuf_add_char(&json->text, '"');
    strbuf_add_string(&json->text, date);
    strbuf_add_char(&json->text, 'T');
    add_digits(&json->text, seconds / 3600 % 24, 2);
    strbuf_add_char(&json->text, ':');
    add_digits(&json->text, seconds / 60 % 60, 2);
    strbuf_add_char(&json->text, ':');
    add_digits(&json->text, seconds % 60, 2);
    if (rest) {
        strbuf_add_char(&json->text, '.');
        add_digits(&json->text, rest, 9);
    }
    strbuf_add(&json->text, "Z\"", 2);
}

static void add_id(struct json *json, const char *key, uint64_t id, const char *name)
{
    char name_key[64];
    json_number(json, key, id);
    if (!name || !key)
        return;
    snprintf(name_key, sizeof(name_key), "%s_name", key);
    json_bytes(json, name_key, name, strlen(name));
}

void json_value(struct json *json, const char *key, struct value value)
{
    char text[16];
    switch (value.type) {
    case VALUE_NONE:
    case VALUE_DENIED: return;
    case VALUE_STRING: json_bytes(json, key, value.string, value.length); return;
    case VALUE_WORD: json_text(json, key, value.string); return;
    case VALUE_TIME: add_time(json, key, value.number); return;
    case VALUE_DURATION: json_number(json, key, value.number / UINT64_C(1000000000)); return;
    case VALUE_USER: add_id(json, key, value.number, user_name((uid_t)value.number)); return;
    case VALUE_GROUP: add_id(json, key, value.number, group_name((gid_t)value.number)); return;
    case VALUE_KEY: snprintf(text, sizeof(text), "0x%08" PRIx32, (uint32_t)value.number); break;
    case VALUE_MODE: snprintf(text, sizeof(text), "%04o", (unsigned)value.number & 07777); break;
    default: json_number(json, key, value.number); return;
    }
    json_text(json, key, text);
}

int json_end(struct json *json)
{
    strbuf_add_char(&json->text, '\n');
    bool failed = json->text.failed;
    write_out(json);
    strbuf_free(&json->text);
    if (failed)
        return -ENOMEM;
    return ferror(json->out) ? -EIO : 0;
}
