/* leaks_allow.c - see leaks_allow.h. */
#include "inspector/leaks_allow.h"

#include "common/cleanup.h"
#include "common/cli.h"
#include "common/file.h"
#include "common/strbuf.h"
#include "probes/object.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <jansson.h>
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

static int add_objects(allowed_list *allowed, const json_t *root)
{
    const json_t *objects = json_object_get(root, "objects");
    size_t index;
    json_t *object;
    int r = json_is_array(objects) ? 0 : -EINVAL;
    json_array_foreach(objects, index, object)
    {
        const char *label = json_string_value(json_object_get(object, "object"));
        if (r == 0)
            r = label ? add_exactly(allowed, label) : -EINVAL;
    }
    return r;
}

int allowed_read(allowed_list *allowed, const char *path)
{
    AUTO_STRBUF struct strbuf text = {0};
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    json_error_t error;
    int r = fd < 0 ? -errno : file_read_all(fd, &text);
    if (r < 0)
        return cli_fail_errno(path, r);
    json_t *root = json_loadb(strbuf_text(&text), text.length, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        return cli_fail_format(path, "line %d: %s", error.line, error.text);
    r = add_objects(allowed, root);
    json_decref(root);
    if (r == -EINVAL)
        return cli_fail(path, "not a report of shmoo leaks --json");
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
