/* filter_literal.c - literals of filters, by the type of the column they are compared with. */
#include "common/scan.h"
#include "common/units.h"
#include "inspector/filter_node.h"
#include "inspector/ids.h"

#include <errno.h>
#include <time.h>

static int read_mode(const char *text, uint64_t *ret_number)
{
    struct scan scan = scan_text(text);
    uint64_t mode;
    if (!scan_octal(&scan, &mode) || !scan_done(&scan) || mode > 07777)
        return -EINVAL;
    *ret_number = mode;
    return 0;
}

static int read_user(const char *text, uint64_t *ret_number)
{
    uid_t uid;
    if (units_parse_number(text, ret_number) == 0)
        return 0;
    if (!user_find(text, &uid))
        return -EINVAL;
    *ret_number = uid;
    return 0;
}

static int read_group(const char *text, uint64_t *ret_number)
{
    gid_t gid;
    if (units_parse_number(text, ret_number) == 0)
        return 0;
    if (!group_find(text, &gid))
        return -EINVAL;
    *ret_number = gid;
    return 0;
}

static int read_percent(const char *text, uint64_t *ret_number)
{
    struct scan scan = scan_text(text);
    uint64_t number;
    if (!scan_decimal(&scan, &number))
        return -EINVAL;
    scan_char(&scan, '%');
    if (!scan_done(&scan))
        return -EINVAL;
    *ret_number = number;
    return 0;
}

/* Local time, as the table shows it; what is left out at the end is 0. */
static int read_time(const char *text, uint64_t *ret_number)
{
    static const char *const forms[] = {"%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d"};
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        struct tm local = {.tm_isdst = -1};
        const char *end = strptime(text, forms[i], &local);
        time_t seconds = end && !*end ? mktime(&local) : -1;
        if (seconds < 0)
            continue;
        *ret_number = (uint64_t)seconds * UINT64_C(1000000000);
        return 0;
    }
    return -EINVAL;
}

static const struct {
    int (*read)(const char *text, uint64_t *ret_number);
    const char *expected;
} readers[] = {
    [VALUE_NUMBER] = {units_parse_number,   "a number"                                     },
    [VALUE_BYTES] = {units_parse_size,     "a size such as 4096, 64K or 1.5G"             },
    [VALUE_TIME] = {read_time,            "a time such as 2026-11-23 or 2026-11-23T19:47"},
    [VALUE_DURATION] = {units_parse_duration, "a duration such as 90s, 1h30m or 2d"          },
    [VALUE_MODE] = {read_mode,            "permissions such as 0644"                     },
    [VALUE_KEY] = {units_parse_number,   "a key such as 0x1F"                           },
    [VALUE_USER] = {read_user,            "a user's name or uid"                         },
    [VALUE_GROUP] = {read_group,           "a group's name or gid"                        },
    [VALUE_PID] = {units_parse_number,   "a pid"                                        },
    [VALUE_PERCENT] = {read_percent,         "a percentage such as 90%"                     },
};

int filter_literal(enum value_type type, const char *text, struct value *ret_literal,
                   const char **ret_expected)
{
    uint64_t number;
    if (readers[type].read(text, &number) < 0) {
        *ret_expected = readers[type].expected;
        return -EINVAL;
    }
    *ret_literal = value_of(type, number);
    return 0;
}
