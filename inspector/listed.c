/* listed.c - see listed.h. */
#include "inspector/listed.h"

#include "common/array.h"
#include "common/auto_json.h"
#include "common/cleanup.h"
#include "common/cli.h"
#include "common/file.h"
#include "common/strbuf.h"
#include "inspector/json.h"
#include "probes/kind.h"
#include "probes/object.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* What identity is made of (probes/object.h), under the names that `list --json` gives it. */
static const enum field of_system_v[] = {FIELD_KEY, FIELD_CTIME, FIELD_NAMESPACE};
static const enum field of_file[] = {FIELD_DEVICE, FIELD_INODE, FIELD_BTIME};
static const enum field of_old_file[] = {FIELD_DEVICE, FIELD_INODE, FIELD_CTIME}; /* birth is not told */

enum { IDENTITY_PARTS = 3 };

static const char not_ours[] = "not what shmoo list, leaks or diff write with --json";

static const json_t *member(const json_t *listed, enum field field)
{
    return json_object_get(listed, field_info[field].name);
}

static const enum field *parts_of(const json_t *listed)
{
    if (member(listed, FIELD_KEY))
        return of_system_v;
    return member(listed, FIELD_BTIME) ? of_file : of_old_file;
}

const char *listed_label(const json_t *listed)
{
    return json_string_value(json_object_get(listed, "object"));
}

const struct kind *listed_kind(const json_t *listed)
{
    const char *label = listed_label(listed);
    int index = label ? kind_of_label(label) : -1;
    return index < 0 ? NULL : kinds[index];
}

const char *listed_lacks(const json_t *listed)
{
    const enum field *parts = parts_of(listed);
    for (size_t i = 0; i < IDENTITY_PARTS; i++)
        if (!member(listed, parts[i]))
            return field_info[parts[i]].name;
    return NULL;
}

/* Compared as it would be written. */
static bool is_written(const json_t *value, const struct object *object, enum field field)
{
    struct json json = json_begin(NULL);
    json_open(&json, NULL, '{');
    json_value(&json, field_info[field].name, object->fields[field]);
    json_close(&json, '{');
    AUTO_JSON json_t *now =
        json.text.failed ? NULL : json_loadb(strbuf_text(&json.text), json.text.length, 0, NULL);
    strbuf_free(&json.text);
    strbuf_free(&json.escaped);
    return value && json_equal(value, member(now, field));
}

bool listed_is(const json_t *listed, const struct object *object)
{
    const enum field *parts = parts_of(listed);
    for (size_t i = 0; i < IDENTITY_PARTS; i++)
        if (!is_written(member(listed, parts[i]), object, parts[i]))
            return false;
    return true;
}

bool listed_elsewhere(const json_t *listed, uint64_t ipc_namespace)
{
    const json_t *namespace = member(listed, FIELD_NAMESPACE);
    return member(listed, FIELD_CONTAINER) ||
           (json_is_integer(namespace) && (uint64_t)json_integer_value(namespace) != ipc_namespace);
}

static int refuse(char reason[static LISTED_REASON_MAX], const char *why)
{
    snprintf(reason, LISTED_REASON_MAX, "%s", why);
    return -EINVAL;
}

void listed_free(struct listed *listed)
{
    json_decref(listed->objects);
    json_decref(listed->processes);
}

static int add_object(json_t *objects, json_t *object, char reason[static LISTED_REASON_MAX])
{
    if (listed_kind(object))
        return json_array_append(objects, object) == 0 ? 0 : -ENOMEM;
    snprintf(reason, LISTED_REASON_MAX, "object %zu is none of shmoo", json_array_size(objects) + 1);
    return -EINVAL;
}

static int add_processes(json_t *processes, json_t *root, char reason[static LISTED_REASON_MAX])
{
    json_t *list = json_object_get(root, "processes"), *process;
    size_t i;
    if (!list)
        return 0;
    if (!json_is_array(list))
        return refuse(reason, not_ours);
    json_array_foreach(list, i, process)
    {
        if (!json_is_string(json_object_get(process, "comm")))
            return refuse(reason, "a process without comm");
    }
    return json_array_extend(processes, list) == 0 ? 0 : -ENOMEM;
}

static int add_document(struct listed *listed, json_t *root, char reason[static LISTED_REASON_MAX])
{
    const json_t *schema = json_object_get(root, "schema");
    json_t *list = json_object_get(root, "objects"), *object;
    size_t i;
    int r = 0;
    if (schema && json_integer_value(schema) != 1)
        return refuse(reason, "written by another version of shmoo");
    if (!list)
        list = json_object_get(root, "appeared");
    if (!list && json_object_get(root, "object"))
        return add_object(listed->objects, root, reason);
    if (!json_is_array(list))
        return refuse(reason, not_ours);
    json_array_foreach(list, i, object)
    {
        if (r == 0)
            r = add_object(listed->objects, object, reason);
    }
    return r < 0 ? r : add_processes(listed->processes, root, reason);
}

static size_t lines_in(const char *text, size_t length)
{
    size_t lines = 0;
    for (size_t i = 0; i < length; i++)
        lines += text[i] == '\n';
    return lines;
}

int listed_parse(const char *text, size_t length, struct listed *ret_listed,
                 char reason[static LISTED_REASON_MAX])
{
    struct listed listed = {.objects = json_array(), .processes = json_array()};
    json_error_t error;
    int r = listed.objects && listed.processes ? 0 : -ENOMEM;
    for (size_t at = 0; r == 0; at += (size_t)error.position) {
        at += strspn(text + at, " \t\r\n");
        if (at >= length)
            break;
        AUTO_JSON json_t *root =
            json_loadb(text + at, length - at, JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK, &error);
        if (root) {
            r = add_document(&listed, root, reason);
            continue;
        }
        snprintf(reason, LISTED_REASON_MAX, "line %zu: %s", lines_in(text, at) + (size_t)error.line,
                 error.text);
        r = -EINVAL;
    }
    if (r == 0)
        *ret_listed = listed;
    else
        listed_free(&listed);
    return r;
}

static int read_text(const char *path, struct strbuf *text)
{
    if (strcmp(path, "-") == 0)
        return file_read_all(STDIN_FILENO, text);
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    return fd < 0 ? -errno : file_read_all(fd, text);
}

int listed_read(const char *path, struct listed *ret_listed)
{
    AUTO_STRBUF struct strbuf text = {0};
    char reason[LISTED_REASON_MAX] = "cannot be read";
    int r = read_text(path, &text);
    if (r == 0)
        r = listed_parse(strbuf_text(&text), text.length, ret_listed, reason);
    if (r == -EINVAL)
        return cli_fail(path, reason);
    return r < 0 ? cli_fail_errno(path, r) : 0;
}
