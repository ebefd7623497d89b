/* json.c - see json.h. */
#include "inspector/json.h"

#include "inspector/ids.h"

static void add_id(struct json *json, const char *key, uint64_t id, const char *name)
{
    json_number(json, key, id);
    if (name && key)
        json_name(json, key, name);
}

void json_value(struct json *json, const char *key, struct value value)
{
    switch (value.type) {
    case VALUE_NONE:
    case VALUE_DENIED: return;
    case VALUE_STRING: json_bytes(json, key, value.string, value.length); return;
    case VALUE_WORD: json_text(json, key, value.string); return;
    case VALUE_TIME: json_time(json, key, value.number); return;
    case VALUE_DURATION: json_number(json, key, value.number / UINT64_C(1000000000)); return;
    case VALUE_USER: add_id(json, key, value.number, user_name((uid_t)value.number)); return;
    case VALUE_GROUP: add_id(json, key, value.number, group_name((gid_t)value.number)); return;
    case VALUE_KEY: json_digits(json, key, "0x", (uint32_t)value.number, 16, 8); return;
    case VALUE_MODE: json_digits(json, key, "", value.number & 07777, 8, 4); return;
    default: json_number(json, key, value.number); return;
    }
}
