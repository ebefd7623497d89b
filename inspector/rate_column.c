/* rate_column.c - see rate_column.h. */
#include "inspector/rate_column.h"

#include "inspector/delta.h"
#include "probes/collect.h"

#include <string.h>

static struct value get_nothing(const struct column *column, const struct snapshot *snapshot,
                                const struct object *object, struct strbuf *scratch)
{
    (void)column;
    (void)snapshot;
    (void)object;
    (void)scratch;
    return (struct value){0};
}

enum rate { RATE_BYTES, RATE_MESSAGES, RATE_ATTACHMENTS, RATE_COUNT };

const struct column rate_columns[] = {
    [RATE_BYTES] = {.name = "bytes/s",
                    .help = "growth in bytes a second, used or queued",
                    .type = VALUE_BYTE_RATE,
                    .needs = NEED_VALUES,
                    .get = get_nothing},
    [RATE_MESSAGES] = {.name = "msgs/s",
                    .help = "growth in messages a second",
                    .type = VALUE_RATE,
                    .needs = NEED_VALUES,
                    .get = get_nothing},
    [RATE_ATTACHMENTS] = {.name = "attach/s",
                    .help = "attachments more or less a second, or users",
                    .type = VALUE_RATE,
                    .needs = NEED_USERS | NEED_WAITERS,
                    .get = get_nothing},
    [RATE_COUNT] = {.name = NULL       },
};

const struct column *rate_column_find(const char *name, size_t length)
{
    for (const struct column *column = rate_columns; column->name; column++)
        if (strlen(column->name) == length && memcmp(column->name, name, length) == 0)
            return column;
    return NULL;
}

bool column_is_rate(const struct column *column)
{
    return column >= rate_columns && column < rate_columns + RATE_COUNT;
}

struct value rate_column_value(const struct column *column, const struct rates *rates)
{
    switch ((enum rate)(column - rate_columns)) {
    case RATE_BYTES: return rates->bytes;
    case RATE_MESSAGES: return rates->messages;
    default: return rates->attachments;
    }
}
