/*
 * json_read.h - takes members out of JSON that somebody else wrote: each is checked for its type and bounds.
 * What is wrong is written down once, as one line; later steps see it in `failed` and change nothing.
 */
#pragma once

#include "common/arena.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JSON_REASON_MAX = 256 };

struct json_reader {
    struct arena *arena; /* that strings are copied to */
    char *reason;        /* of JSON_REASON_MAX bytes */
    const char *part;    /* of the document, for the reason: "results" */
    size_t index;        /* in it */
    int failed;          /* 0, -EINVAL or -ENOMEM */
};

enum { JSON_OPTIONAL, JSON_REQUIRED };

/*
 * The whole of a file as JSON, to be given back with json_decref(). NULL with the reason, and `failed` set to
 * the error: what open(2) and read(2) said, or -EINVAL.
 */
json_t *json_read_file(struct json_reader *reader, const char *path);

/* One JSON document in memory, likewise. */
json_t *json_read_text(struct json_reader *reader, const char *text, size_t length);

/* Writes the reason down: "results 4: WHY". */
void json_refuse(struct json_reader *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));
void json_out_of_memory(struct json_reader *reader);

/* Each leaves `value` as it is when the member is absent (and not required) or wrong. */
void json_get_number(struct json_reader *reader, const json_t *object, const char *key, bool required,
                     int64_t least, int64_t most, int64_t *value);
void json_get_bool(struct json_reader *reader, const json_t *object, const char *key, bool *value);

/* A number of seconds, to nanoseconds. */
void json_get_seconds(struct json_reader *reader, const json_t *object, const char *key, uint64_t *value);

/* "0x1f" */
void json_get_hex(struct json_reader *reader, const json_t *object, const char *key, uint64_t *value);

/* Escaped bytes as common/escape.h writes them; those for get_string() contain no NUL. */
void json_get_string(struct json_reader *reader, const json_t *object, const char *key, bool required,
                     const char **value);
void json_get_bytes(struct json_reader *reader, const json_t *object, const char *key, const char **value,
                    size_t *length);

/* One such string that is no member; NULL when it is wrong. */
const char *json_to_string(struct json_reader *reader, const json_t *text);

/* An array of strings, one a line; NULL stays when it is absent or empty. */
void json_get_lines(struct json_reader *reader, const json_t *object, const char *key, const char **value);

/* An array of at most `most` elements, or NULL when absent (which required ones must not be) or wrong. */
const json_t *json_get_array(struct json_reader *reader, const json_t *object, const char *key, bool required,
                             size_t most);
