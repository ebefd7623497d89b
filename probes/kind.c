/* kind.c - the table of kinds, made from kinds.def, and the names of fields and roles. */
#include "probes/kind.h"

#include "probes/edge.h"
#include "probes/object.h"

#include <string.h>

const struct kind *const kinds[KIND_COUNT] = {
#define KIND(name) &kind_##name,
#include "probes/kinds.def"
#undef KIND
};

const struct field_info field_info[FIELD_COUNT] = {
#define FIELD(NAME, json, type, help) {#json, VALUE_##type, help},
#include "probes/fields.def"
#undef FIELD
};

int kind_find(const char *name)
{
    for (int i = 0; i < KIND_COUNT; i++)
        if (strcmp(kinds[i]->name, name) == 0)
            return i;
    return -1;
}

int kind_of_label(const char *label)
{
    for (int i = 0; i < KIND_COUNT; i++) {
        size_t length = strlen(kinds[i]->name);
        if (strncmp(label, kinds[i]->name, length) == 0 && label[length] == ':')
            return i;
    }
    return -1;
}

const char *edge_role_name(enum edge_role role)
{
    static const char *const names[EDGE_ROLE_COUNT] = {"mapped", "open", "waiting", "holding", "notify"};
    return names[role];
}
