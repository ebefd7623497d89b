/* json.c - see json.h. */
#include "common/json.h"

#include "common/array.h"
#include "common/escape.h"

#include <errno.h>
#include <string.h>
#include <time.h>

enum { CHUNK = 64 * 1024 };

struct json json_begin(FILE *out)
{
    return (struct json){.out = out};
}

/* The name of a member is a key and what follows it, often nothing. */
static void add_name(struct json *json, const char *key, const char *suffix)
{
    size_t key_length = key ? strlen(key) : 0, suffix_length = strlen(suffix);
    char *at = strbuf_reserve(&json->text, key_length + suffix_length + 4);
    if (!at)
        return;
    const char *start = at;
    if (json->comma)
        *at++ = ',';
    if (key) {
        *at++ = '"';
        at = mempcpy(at, key, key_length);
        at = mempcpy(at, suffix, suffix_length);
        *at++ = '"';
        *at++ = ':';
    }
    *at = '\0';
    json->text.length += (size_t)(at - start);
    json->comma = true;
}

static void add_key(struct json *json, const char *key)
{
    add_name(json, key, "");
}

/* printf() would take a quarter of the time of a large answer. */
static inline void add_digits(struct strbuf *buffer, uint64_t number, unsigned base, size_t least)
{
    char digits[64];
    size_t at = sizeof(digits);
    do
        digits[--at] = "0123456789abcdef"[number % base];
    while (number /= base);
    while (sizeof(digits) - at < least)
        digits[--at] = '0';
    strbuf_add(buffer, digits + at, sizeof(digits) - at);
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
    add_key(json, key);
    add_digits(&json->text, number, 10, 1);
}

void json_signed(struct json *json, const char *key, int64_t number)
{
    add_key(json, key);
    if (number < 0)
        strbuf_add_char(&json->text, '-');
    add_digits(&json->text, number < 0 ? -(uint64_t)number : (uint64_t)number, 10, 1);
}

void json_seconds(struct json *json, const char *key, uint64_t nanoseconds)
{
    add_key(json, key);
    add_digits(&json->text, nanoseconds / UINT64_C(1000000000), 10, 1);
    strbuf_add_char(&json->text, '.');
    add_digits(&json->text, nanoseconds % UINT64_C(1000000000), 10, 9);
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

static void add_bytes(struct json *json, const char *bytes, size_t length)
{
    strbuf_clear(&json->escaped);
    escape_bytes(&json->escaped, bytes, length, NULL);
    add_quoted(&json->text, strbuf_text(&json->escaped), json->escaped.length);
}

void json_bytes(struct json *json, const char *key, const char *bytes, size_t length)
{
    add_key(json, key);
    add_bytes(json, bytes, length);
}

void json_name(struct json *json, const char *key, const char *name)
{
    add_name(json, key, "_name");
    add_bytes(json, name, strlen(name));
}

void json_text(struct json *json, const char *key, const char *text)
{
    add_key(json, key);
    add_quoted(&json->text, text, strlen(text));
}

void json_members(struct json *json, const char *text, size_t length)
{
    add_key(json, NULL);
    strbuf_add(&json->text, text, length);
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

void json_time(struct json *json, const char *key, uint64_t nanoseconds)
{
    uint64_t seconds = nanoseconds / UINT64_C(1000000000), rest = nanoseconds % UINT64_C(1000000000);
    const char *date = date_of(json, seconds / 86400);
    if (!nanoseconds || !*date)
        return;
    add_key(json, key);
    strbuf_add_char(&json->text, '"');
    strbuf_add_string(&json->text, date);
    strbuf_add_char(&json->text, 'T');
    add_digits(&json->text, seconds / 3600 % 24, 10, 2);
    strbuf_add_char(&json->text, ':');
    add_digits(&json->text, seconds / 60 % 60, 10, 2);
    strbuf_add_char(&json->text, ':');
    add_digits(&json->text, seconds % 60, 10, 2);
    if (rest) {
        strbuf_add_char(&json->text, '.');
        add_digits(&json->text, rest, 10, 9);
    }
    strbuf_add(&json->text, "Z\"", 2);
}

void json_digits(struct json *json, const char *key, const char *prefix, uint64_t number, unsigned base,
                 size_t least)
{
    add_key(json, key);
    strbuf_add_char(&json->text, '"');
    strbuf_add_string(&json->text, prefix);
    add_digits(&json->text, number, base, least);
    strbuf_add_char(&json->text, '"');
}

int json_end(struct json *json)
{
    strbuf_add_char(&json->text, '\n');
    bool failed = json->text.failed || json->escaped.failed;
    write_out(json);
    strbuf_free(&json->text);
    strbuf_free(&json->escaped);
    if (failed)
        return -ENOMEM;
    return ferror(json->out) ? -EIO : 0;
}
