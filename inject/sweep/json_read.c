/* json_read.c - see json_read.h. */
#include "inject/sweep/json_read.h"

#include "common/cleanup.h"
#include "common/escape.h"
#include "common/file.h"
#include "common/scan.h"
#include "common/strbuf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>

void json_refuse(struct json_reader *reader, const char *format, ...)
{
    if (reader->failed)
        return;
    int at = 0;
    if (reader->part)
        at = snprintf(reader->reason, JSON_REASON_MAX, "%s %zu: ", reader->part, reader->index + 1);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reader->reason + at, JSON_REASON_MAX - (size_t)at, format, arguments);
    va_end(arguments);
    reader->failed = -EINVAL;
}

void json_out_of_memory(struct json_reader *reader)
{
    if (reader->failed)
        return;
    snprintf(reader->reason, JSON_REASON_MAX, "%s", strerror(ENOMEM));
    reader->failed = -ENOMEM;
}

json_t *json_read_text(struct json_reader *reader, const char *text, size_t length)
{
    json_error_t error;
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        json_refuse(reader, "line %d: %s", error.line, error.text);
    return root;
}

json_t *json_read_file(struct json_reader *reader, const char *path)
{
    AUTO_STRBUF struct strbuf text = {0};
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    int r = fd < 0 ? -errno : file_read_all(fd, &text);
    if (r == 0)
        return json_read_text(reader, strbuf_text(&text), text.length);
    snprintf(reader->reason, JSON_REASON_MAX, "%s", strerror(-r));
    reader->failed = r;
    return NULL;
}

/* The member, or NULL when there is nothing (more) to do. */
static const json_t *member(struct json_reader *reader, const json_t *object, const char *key, bool required)
{
    const json_t *value = reader->failed ? NULL : json_object_get(object, key);
    if (!value && required)
        json_refuse(reader, "has no \"%s\"", key);
    return value;
}

void json_get_number(struct json_reader *reader, const json_t *object, const char *key, bool required,
                     int64_t least, int64_t most, int64_t *value)
{
    const json_t *found = member(reader, object, key, required);
    if (!found)
        return;
    int64_t number = json_integer_value(found);
    if (!json_is_integer(found))
        json_refuse(reader, "\"%s\" is not a whole number", key);
    else if (number < least || number > most)
        json_refuse(reader, "\"%s\" is not between %lld and %lld", key, (long long)least, (long long)most);
    else
        *value = number;
}

void json_get_bool(struct json_reader *reader, const json_t *object, const char *key, bool *value)
{
    const json_t *found = member(reader, object, key, JSON_OPTIONAL);
    if (!found)
        return;
    if (!json_is_boolean(found))
        json_refuse(reader, "\"%s\" is neither true nor false", key);
    else
        *value = json_is_true(found);
}

void json_get_seconds(struct json_reader *reader, const json_t *object, const char *key, uint64_t *value)
{
    static const double most = 1e6; /* where a double still tells nanoseconds apart */
    const json_t *found = member(reader, object, key, JSON_OPTIONAL);
    if (!found)
        return;
    double seconds = json_number_value(found);
    if (!json_is_number(found) || !(seconds >= 0 && seconds <= most))
        json_refuse(reader, "\"%s\" is not a number of seconds", key);
    else
        *value = (uint64_t)(seconds * 1e9 + 0.5);
}

void json_get_hex(struct json_reader *reader, const json_t *object, const char *key, uint64_t *value)
{
    const json_t *found = member(reader, object, key, JSON_OPTIONAL);
    if (!found)
        return;
    uint64_t number = 0;
    struct scan scan = scan_text(json_is_string(found) ? json_string_value(found) : "");
    if (scan_literal(&scan, "0x") && scan_hex(&scan, &number) && scan_done(&scan))
        *value = number;
    else
        json_refuse(reader, "\"%s\" is not like \"0x1f\"", key);
}

/* The bytes an escaped text stands for, in the arena. NULL when it is no such text. */
static const char *decode(struct json_reader *reader, const json_t *text, size_t *ret_length)
{
    AUTO_STRBUF struct strbuf bytes = {0};
    if (!json_is_string(text) || escape_decode(&bytes, json_string_value(text)) < 0) {
        json_refuse(reader, "a text is not one, or is not escaped as shmoo does");
        return NULL;
    }
    const char *copy = bytes.failed ? NULL : arena_copy(reader->arena, strbuf_text(&bytes), bytes.length);
    if (!copy)
        json_out_of_memory(reader);
    else
        *ret_length = bytes.length;
    return copy;
}

const char *json_to_string(struct json_reader *reader, const json_t *text)
{
    size_t length = 0;
    const char *decoded = reader->failed ? NULL : decode(reader, text, &length);
    if (!decoded || strlen(decoded) == length)
        return decoded;
    json_refuse(reader, "a name contains a NUL");
    return NULL;
}

void json_get_string(struct json_reader *reader, const json_t *object, const char *key, bool required,
                     const char **value)
{
    const json_t *found = member(reader, object, key, required);
    const char *text = found ? json_to_string(reader, found) : NULL;
    if (text)
        *value = text;
}

void json_get_bytes(struct json_reader *reader, const json_t *object, const char *key, const char **value,
                    size_t *length)
{
    const json_t *found = member(reader, object, key, JSON_OPTIONAL);
    size_t count = 0;
    const char *bytes = found ? decode(reader, found, &count) : NULL;
    if (!bytes)
        return;
    *value = bytes;
    *length = count;
}

const json_t *json_get_array(struct json_reader *reader, const json_t *object, const char *key, bool required,
                             size_t most)
{
    const json_t *found = member(reader, object, key, required);
    if (!found)
        return NULL;
    if (json_is_array(found) && json_array_size(found) <= most)
        return found;
    json_refuse(reader, "\"%s\" is not an array of at most %zu elements", key, most);
    return NULL;
}

void json_get_lines(struct json_reader *reader, const json_t *object, const char *key, const char **value)
{
    AUTO_STRBUF struct strbuf lines = {0};
    const json_t *found = json_get_array(reader, object, key, JSON_OPTIONAL, SIZE_MAX), *line;
    size_t index;
    json_array_foreach(found, index, line)
    {
        const char *text = json_to_string(reader, line);
        if (!text)
            return;
        if (lines.length)
            strbuf_add_char(&lines, '\n');
        strbuf_add_string(&lines, text);
    }
    if (!lines.length || reader->failed)
        return;
    const char *copy = lines.failed ? NULL : arena_copy(reader->arena, lines.text, lines.length);
    if (copy)
        *value = copy;
    else
        json_out_of_memory(reader);
}
