/* diff_compare.c - see diff_compare.h. */
#include "inspector/diff_compare.h"

#include "common/array.h"
#include "common/auto_json.h"
#include "common/cleanup.h"
#include "common/strbuf.h"
#include "inspector/listed.h"

#include <string.h>

static bool is_private(const json_t *key)
{
    const char *text = json_string_value(key);
    return text && strcmp(text, "0x00000000") == 0;
}

/*
 * A successor with the same label is another object: it was born at another time or has another creator or
 * key. A System V object that waits to be removed has lost its key.
 */
static bool same_object(const json_t *a, const json_t *b)
{
    static const char *const lasting[] = {"btime", "cpid", "creator", "key"};
    for (size_t i = 0; i < COUNT_OF(lasting); i++) {
        const json_t *left = json_object_get(a, lasting[i]), *right = json_object_get(b, lasting[i]);
        if (left && right && !json_equal(left, right) && !is_private(left) && !is_private(right))
            return false;
    }
    return true;
}

/* Numbers are given once in each ipc namespace. */
static bool add_to_index(json_t *index, json_t *object)
{
    AUTO_STRBUF struct strbuf key = {0};
    const char *label = json_string_value(json_object_get(object, "object"));
    if (!label)
        return false;
    strbuf_add_format(&key, "%" JSON_INTEGER_FORMAT " ",
                      json_integer_value(json_object_get(object, "namespace")));
    strbuf_add_string(&key, label);
    return !key.failed && json_object_set(index, strbuf_text(&key), object) == 0;
}

static bool is_ours(const json_t *root)
{
    const json_t *schema = json_object_get(root, "schema");
    return (!schema || json_integer_value(schema) == 1) && json_is_array(json_object_get(root, "objects"));
}

json_t *diff_index(const json_t *root)
{
    AUTO_JSON json_t *index = json_object();
    json_t *objects = json_object_get(root, "objects"), *object;
    size_t i;
    bool sound = index && is_ours(root);
    json_array_foreach(objects, i, object) sound = sound && add_to_index(index, object);
    return sound ? take_ptr(index) : NULL;
}

/* Members that differ, each with its value before and after (null where it had none). */
static json_t *changes_of(json_t *before, json_t *after)
{
    json_t *changes = json_object(), *value;
    const char *member;
    json_object_foreach(before, member, value)
    {
        json_t *other = json_object_get(after, member);
        if (!json_equal(value, other))
            json_object_set_new(
                changes, member,
                json_pack("{s:O,s:O?}", "before", value, "after", other ? other : json_null()));
    }
    json_object_foreach(after, member, value)
    {
        if (!json_object_get(before, member))
            json_object_set_new(changes, member, json_pack("{s:n,s:O}", "before", "after", value));
    }
    return changes;
}

json_t *diff_compare(json_t *before, json_t *after)
{
    json_t *appeared = json_array(), *vanished = json_array(), *changed = json_array(), *object;
    const char *key;
    json_object_foreach(before, key, object)
    {
        json_t *other = json_object_get(after, key);
        if (!other || !same_object(object, other)) {
            json_array_append(vanished, object);
            continue;
        }
        json_t *changes = changes_of(object, other);
        if (json_object_size(changes))
            json_array_append_new(changed, json_pack("{s:O,s:O}", "object", json_object_get(object, "object"),
                                                     "changes", changes));
        json_decref(changes);
    }
    json_object_foreach(after, key, object)
    {
        json_t *other = json_object_get(before, key);
        if (!other || !same_object(other, object))
            json_array_append(appeared, object);
    }
    return json_pack("{s:i,s:o,s:o,s:o}", "schema", 1, "appeared", appeared, "vanished", vanished, "changed",
                     changed);
}
