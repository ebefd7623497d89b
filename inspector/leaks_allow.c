/* leaks_allow.c - see leaks_allow.h. */
#include "inspector/leaks_allow.h"

#include "common/cli.h"
#include "common/strbuf.h"
#include "inspector/listed.h"
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

/* A glob that matches the text alone. */
static int add_exactly(allowed_list *allowed, const char *text)
{
    AUTO_STRBUF struct strbuf glob = {0};
    for (; *text; text++) {
        if (strchr("*?[\\", *text))
            strbuf_add_char(&glob, '\\');
        strbuf_add_char(&glob, *text);
    }
    return glob.failed ? -ENOMEM : allowed_add(allowed, strbuf_text(&glob));
}

int allowed_read(allowed_list *allowed, const char *path)
{
    AUTO_LISTED json_t *objects = NULL;
    json_t *object;
    size_t index;
    int r = listed_read(path, &objects);
    if (r)
        return r;
    json_array_foreach(objects, index, object)
    {
        if (r == 0)
            r = add_exactly(allowed, listed_label(object));
    }
    return r < 0 ? cli_fail_errno(path, r) : 0;
}

bool allowed_has(const allowed_list *allowed, const struct object *object)
{
    char name[4096] = "";
    struct value value = object->fields[FIELD_NAME];
    if (value.type == VALUE_STRING)
        snprintf(name, sizeof(name), "%.*s", (int)value.length, value.string);
    array_each(allowed, glob)
    {
        if (fnmatch(*glob, object->label, 0) == 0 || (*name && fnmatch(*glob, name, 0) == 0))
            return true;
    }
    return false;
}

void allowed_free(allowed_list *allowed)
{
    array_each(allowed, glob) free(*glob);
    array_free(allowed);
}
