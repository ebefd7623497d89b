/* leaks_allow.h - leaks that are known and allowed: by glob, or by an earlier report. */
#pragma once

#include "common/array.h"

#include <stdbool.h>

struct object;

typedef ARRAY(char *) allowed_list;

/* Adds a glob, matched against the object as printed and its name. Returns 0 or -ENOMEM. */
int allowed_add(allowed_list *allowed, const char *glob);

bool allowed_has(const allowed_list *allowed, const struct object *object);
bool allowed_has_text(const allowed_list *allowed, const char *text);
void allowed_free(allowed_list *allowed);
