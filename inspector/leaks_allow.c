/* leaks_allow.c - see leaks_allow.h. */
#include "inspector/leaks_allow.h"

#include "probes/object.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int allowed_add(allowed_list *allowed, const char *glob)
{
    char *copy = strdup(glob);
    char **slot = copy ? array_push(allowed) : NULL;
    if (!slot) {
        free(copy);
        return -ENOMEM;
    }
    *slot = copy;
    return 0;
}

bool allowed_has_text(const allowed_list *allowed, const char *text)
{
    array_each(allowed, glob) if (fnmatch(*glob, text, 0) == 0) return true;
    return false;
}

bool allowed_has(const allowed_list *allowed, const struct object *object)
{
    char name[4096] = "";
    struct value value = object->fields[FIELD_NAME];
    if (value.type == VALUE_STRING)
        snprintf(name, sizeof(name), "%.*s", (int)value.length, value.string);
    return allowed_has_text(allowed, object->label) || (*name && allowed_has_text(allowed, name));
}

void allowed_free(allowed_list *allowed)
{
    array_each(allowed, glob) free(*glob);
    array_free(allowed);
}
