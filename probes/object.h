/*
 * object.h - an IPC object as found: what it is, what is known of it. Part of a snapshot, immutable there.
 */
#pragma once

#include "probes/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kind;

enum field {
#define FIELD(NAME, json, type, help) FIELD_##NAME,
#include "probes/fields.def"
#undef FIELD
    FIELD_COUNT
};

/* One semaphore of a System V set, as GETALL, GETPID, GETNCNT and GETZCNT tell. */
struct semaphore {
    int32_t value;
    int32_t pid; /* of the last semop */
    int32_t ncnt;
    int32_t zcnt;
};

/*
 * What makes it this object and not its successor. `space` tells number spaces apart (a device, or a System V
 * table of an ipc namespace); `generation` is the ctime for System V and the birth time for files.
 */
struct identity {
    uint64_t space;
    uint64_t number;
    uint64_t generation;
};

static inline bool identity_is(const struct identity *a, const struct identity *b)
{
    return a->space == b->space && a->number == b->number && a->generation == b->generation;
}

/* The space of files: their device. */
uint64_t space_of_device(uint32_t major, uint32_t minor);

struct object {
    const struct kind *kind;
    const char *label; /* "sysv-shm:32769": escaped, unambiguous, what commands print and take */
    struct identity identity;
    uint32_t index; /* in the snapshot */
    bool hidden;    /* not listed: anonymous memory of one process only, or of a kind nobody asked for */
    struct value fields[FIELD_COUNT];
    const struct semaphore *semaphores; /* FIELD_NSEMS of them, or NULL */
};

/* Whether a field is that word, as FIELD_STATE is "live". */
static inline bool object_says(const struct object *object, enum field field, const char *word)
{
    struct value value = object->fields[field];
    return value.type == VALUE_WORD && strcmp(value.string, word) == 0;
}

/* Name, type and meaning of each field. */
struct field_info {
    const char *name;
    enum value_type type;
    const char *help;
};

extern const struct field_info field_info[FIELD_COUNT];
