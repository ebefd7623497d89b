/*
 * listed.h - the objects, and the processes left running, that JSON of `list`, `leaks` or `diff` names, to be
 * found again. Such files come from anywhere: they are read as a whole and refused as a whole.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kind;
struct object;

enum { LISTED_REASON_MAX = 256 };

/* What a text names. */
struct listed {
    json_t *objects;   /* array; each has a label of a known kind */
    json_t *processes; /* array; each has a "comm", a string */
};

/*
 * Reads the documents of a text, one or many: each has an array "objects", or what "appeared" of a
 * difference, or is one object; "processes" beside it are optional. Returns 0; or -ENOMEM or -EINVAL, with
 * the reason as one line.
 */
int listed_parse(const char *text, size_t length, struct listed *ret_listed,
                 char reason[static LISTED_REASON_MAX]);

/* The same of a file, or of standard input ("-"). Returns 0, or STATUS_FAILED after saying why on stderr. */
int listed_read(const char *path, struct listed *ret_listed);

void listed_free(struct listed *listed);

const char *listed_label(const json_t *listed);
const struct kind *listed_kind(const json_t *listed);

/* What would be needed to tell the object from a successor and is not there, as a member's name; or NULL. */
const char *listed_lacks(const json_t *listed);

/* Whether this is the very object, by all that makes its identity; not when something of that is not listed.
 */
bool listed_is(const json_t *listed, const struct object *object);

/* Whether it was found in another ipc namespace than this one, or in a container. */
bool listed_elsewhere(const json_t *listed, uint64_t ipc_namespace);
