/* leaks_baseline.c - see leaks_baseline.h. The report is of shmoo-json(5). */
#include "inspector/leaks_baseline.h"

#include "common/cli.h"
#include "common/escape.h"
#include "common/strbuf.h"
#include "inspector/leaks_report.h"
#include "probes/kind.h"
#include "probes/object.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static bool extend(json_t **array, json_t *with)
{
    if (!*array)
        *array = json_array();
    return *array && json_array_extend(*array, with) == 0;
}

int leaks_baseline_add(struct leaks_baseline *baseline, const char *path)
{
    struct listed listed;
    int r = listed_read(path, &listed);
    if (r)
        return r;
    bool added = extend(&baseline->objects, listed.objects) && extend(&baseline->processes, listed.processes);
    listed_free(&listed);
    return added ? 0 : cli_fail_errno(path, -ENOMEM);
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

/* Bytes from outside are compared as they would be written. */
static bool is_bytes(const json_t *member, const char *bytes)
{
    AUTO_STRBUF struct strbuf written = {0};
    if (!bytes)
        return false;
    escape_bytes(&written, bytes, strlen(bytes), NULL);
    return !written.failed && is_text(member, strbuf_text(&written));
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
           is_bytes(json_object_get(made, "function"), making->function) &&
           (!file || !making->file || is_bytes(file, making->file));
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

bool leaks_baseline_has_process(const struct leaks_baseline *baseline, const char *comm)
{
    const json_t *process;
    size_t index;
    json_array_foreach(baseline->processes, index, process)
    {
        if (is_bytes(json_object_get(process, "comm"), comm))
            return true;
    }
    return false;
}

void leaks_baseline_free(struct leaks_baseline *baseline)
{
    json_decref(baseline->objects);
    json_decref(baseline->processes);
}
