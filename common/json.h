/*
 * json.h - writes JSON as it comes, so that a large answer needs no tree of it in memory. (Building and
 * dumping jansson objects costs ten times as much: 31 ms for 3000 objects with 6000 users. Reading JSON is
 * jansson's.)
 *
 * A member is written under `key`, an element of an array with a NULL key. Keys are constant words of ours.
 * Memory or output that fails is remembered, and reported by json_end().
 */
#pragma once

#include "common/strbuf.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json {
    struct strbuf text;    /* not written yet */
    struct strbuf escaped; /* room for one string */
    FILE *out;
    bool comma;    /* before the next member */
    uint64_t day;  /* since 1970, that `date` is of */
    char date[32]; /* "" before the first */
};

/* A writer to `out`; nothing is to be freed but by json_end(). */
struct json json_begin(FILE *out);

/* Brackets are '{' and '['; json_close() takes the one that was opened. */
void json_open(struct json *json, const char *key, char bracket);
void json_close(struct json *json, char bracket);

/* Starts a new line before the next element, so that one object is one line; writes out what has gathered. */
void json_line(struct json *json);

void json_number(struct json *json, const char *key, uint64_t number);
void json_signed(struct json *json, const char *key, int64_t number);
void json_seconds(struct json *json, const char *key, uint64_t nanoseconds); /* 0.001500000 */
void json_bool(struct json *json, const char *key, bool truth);

/* Bytes from outside, in the reversible form of common/escape.h. */
void json_bytes(struct json *json, const char *key, const char *bytes, size_t length);

/* Text that is harmless already: constant words, labels. */
void json_text(struct json *json, const char *key, const char *text);

/* Members that another writer wrote, without brackets. */
void json_members(struct json *json, const char *text, size_t length);

/* "2026-11-23T19:47:30Z", with nanoseconds unless they are 0. Nothing for the time 0. */
void json_time(struct json *json, const char *key, uint64_t nanoseconds);

/* A number as text: prefix and at least so many digits of the base, at most 16. */
void json_digits(struct json *json, const char *key, const char *prefix, uint64_t number, unsigned base,
                 size_t least);

/* Bytes from outside under `key`_name. */
void json_name(struct json *json, const char *key, const char *name);

/* Ends the line, writes out the rest and frees. Returns 0, -ENOMEM or -EIO. */
int json_end(struct json *json);
