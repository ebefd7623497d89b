/* leaks_baseline.c - see leaks_baseline.h. The report is of shmoo-json(5). */
#include "inspector/leaks_baseline.h"

#include "common/auto_json.h"
#include "common/cli.h"
#include "inspector/leaks_report.h"
#include "probes/kind.h"
#include "probes/object.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int leaks_baseline_add(struct leaks_baseline *baseline, const char *path)
{
    AUTO_JSON json_t *objects = NULL;
    int r = listed_read(path, &objects);
    if (r)
        return r;
    if (!baseline->objects)
        baseline->objects = json_array();
    return baseline->objects && json_array_extend(baseline->objects, objects) == 0
               ? 0
               : cli_fail_errno(path, -ENOMEM);
}

static bool is_numbered(const struct object *object)
{
    return object->kind == &kind_sysv_shm || object->kind == &kind_sysv_sem || object->kind == &kind_sysv_msg;
}

/* Both are there and equal. */
static bool is_text(const json_t *member, const char *text)
{
    return text && json_is_string(member) && strcmp(json_string_value(member), text) == 0;
}

static bool has_key(const json_t *listed, const struct object *object)
{
    char key[16];
    snprintf(key, sizeof(key), "0x%08x", (unsigned)object->fields[FIELD_KEY].number);
    return is_text(json_object_get(listed, "key"), key);
}

static bool is_made_alike(const json_t *made, const struct making *making)
{
    const json_t *file = json_object_get(made, "file");
    return is_text(json_object_get(made, "call"), making->call) &&
           is_text(json_object_get(made, "function"), making->function) &&
           (!file || !making->file || is_text(file, making->file));
}

static bool is_known_as(const json_t *listed, const struct leaked *leaked)
{
    const struct object *object = leaked->object;
    const json_t *made = json_object_get(listed, "created_by");
    bool told = leaked->making.function && json_object_get(made, "function");
    if (listed_kind(listed) != object->kind)
        return false;
    if (is_numbered(object) && (object->fields[FIELD_KEY].number || told))
        return has_key(listed, object) &&
               (object->fields[FIELD_KEY].number || is_made_alike(made, &leaked->making));
    return strcmp(listed_label(listed), object->label) == 0;
}

bool leaks_baseline_has(const struct leaks_baseline *baseline, const struct leaked *leaked)
{
    const json_t *listed;
    size_t index;
    json_array_foreach(baseline->objects, index, listed)
    {
        if (is_known_as(listed, leaked))
            return true;
    }
    return false;
}

void leaks_baseline_free(struct leaks_baseline *baseline)
{
    json_decref(baseline->objects);
}
