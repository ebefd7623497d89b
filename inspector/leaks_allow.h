/* leaks_allow.h - leaks that are known and allowed: by glob, or by an earlier report. */
#pragma once

#include "common/array.h"

#include <stdbool.h>

struct object;

typedef ARRAY(char *) allowed_list;

/* Adds a glob, matched against the object as printed and its name. Returns 0 or -ENOMEM. */
int allowed_add(allowed_list *allowed, const char *glob);

/*
 * Adds the objects of a report of `leaks --json`. Returns 0, or STATUS_FAILED after saying on stderr what is
 * wrong with the file.
 */
int allowed_read(allowed_list *allowed, const char *path);

bool allowed_has(const allowed_list *allowed, const struct object *object);
void allowed_free(allowed_list *allowed);
