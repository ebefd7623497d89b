/* keys.h - the table of keys, made from keys.def. */
#pragma once

#include "inspector/dashboard/dashboard.h"

enum { KEY_CODES = 8 };

/* Curses' codes of keys start at KEY_MIN: a character from there on comes as KEY_WIDE and itself. */
enum { KEY_WIDE = 0x10000 };

struct key {
    const char *label; /* on the last line, or NULL */
    const char *group;
    const char *written; /* "F1 h ?" */
    const char *help;
    void (*act)(struct dashboard *dashboard, int code);
    int codes[KEY_CODES]; /* ends with 0 */
};

/* All keys in the order of keys.def; ends with a NULL group. */
extern const struct key keys[];

/* The key of a code, or NULL. */
const struct key *key_find(int code);
