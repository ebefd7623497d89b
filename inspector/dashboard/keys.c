/* keys.c - see keys.h. */
#include "inspector/dashboard/keys.h"

#include "inspector/dashboard/actions.h"

#include <curses.h>

const struct key keys[] = {
#define KEY(action, label_, group_, written_, help_, ...) \
    {.label = label_,                                     \
     .group = group_,                                     \
     .written = written_,                                 \
     .help = help_,                                       \
     .act = action_##action,                              \
     .codes = {__VA_ARGS__}},
#include "inspector/dashboard/keys.def"
#undef KEY
    {.group = NULL},
};

const struct key *key_find(int code)
{
    for (const struct key *key = keys; key->group; key++)
        for (const int *known = key->codes; *known; known++)
            if (*known == code)
                return key;
    return NULL;
}
