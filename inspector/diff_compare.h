/* diff_compare.h - two lists of objects as `list --json` writes them, compared by identity. Pure. */
#pragma once

#include <jansson.h>

/* The objects of a list by namespace and label, or NULL when this is no list or memory is out. */
json_t *diff_index(const json_t *root);

/* What `diff --json` writes of two such, see shmoo-json(5); or NULL when memory is out. */
json_t *diff_compare(json_t *before, json_t *after);
