/*
 * value.h - a typed value with its unit, as a probe read it. Renderers format it; nothing here does.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum value_type {
    VALUE_NONE,   /* does not apply, or is not known */
    VALUE_DENIED, /* exists, but may not be read by this user */
    VALUE_NUMBER,
    VALUE_BYTES,
    VALUE_TIME,     /* nanoseconds since 1970 */
    VALUE_DURATION, /* nanoseconds */
    VALUE_STRING,   /* raw bytes from outside: escape before use */
    VALUE_WORD,     /* a constant word of ours */
    VALUE_MODE,     /* permission bits */
    VALUE_KEY,      /* System V key */
    VALUE_USER,     /* uid */
    VALUE_GROUP,    /* gid */
    VALUE_PID,
    VALUE_PERCENT,   /* whole percents */
    VALUE_RATE,      /* signed: thousandths a second */
    VALUE_BYTE_RATE, /* signed: bytes a second */
};

struct value {
    enum value_type type;
    uint32_t length; /* of string */
    union {
        uint64_t number;
        int64_t change; /* of the signed ones */
        const char *string;
    };
};

static inline struct value value_of(enum value_type type, uint64_t number)
{
    return (struct value){.type = type, .number = number};
}

static inline struct value value_change(enum value_type type, int64_t change)
{
    return (struct value){.type = type, .change = change};
}

static inline struct value value_word(const char *word)
{
    return (struct value){.type = VALUE_WORD, .length = (uint32_t)strlen(word), .string = word};
}

/* The bytes must outlive the value; NULL gives no value. */
static inline struct value value_string(const char *bytes, size_t length)
{
    enum value_type type = bytes ? VALUE_STRING : VALUE_NONE;
    return (struct value){.type = type, .length = (uint32_t)length, .string = bytes};
}

static inline int value_is_signed(struct value value)
{
    return value.type == VALUE_RATE || value.type == VALUE_BYTE_RATE;
}

static inline int value_known(struct value value)
{
    return value.type != VALUE_NONE && value.type != VALUE_DENIED;
}
