/* units.c - see units.h. */
#include "common/units.h"

#include "common/array.h"
#include "common/scan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

struct unit {
    const char *name;
    uint64_t factor;
};

static const struct unit size_units[] = {
    {"",  1                },
    {"B", 1                },
    {"K", UINT64_C(1) << 10},
    {"M", UINT64_C(1) << 20},
    {"G", UINT64_C(1) << 30},
    {"T", UINT64_C(1) << 40},
    {"P", UINT64_C(1) << 50},
};

static const struct unit duration_units[] = {
    {"ns", 1                        },
    {"us", 1000                     },
    {"ms", 1000000                  },
    {"s",  UINT64_C(1000000000)     },
    {"m",  UINT64_C(60000000000)    },
    {"h",  UINT64_C(3600000000000)  },
    {"d",  UINT64_C(86400000000000) },
    {"w",  UINT64_C(604800000000000)},
};

int units_parse_number(const char *text, uint64_t *ret_value)
{
    struct scan scan = scan_text(text);
    uint64_t value;
    bool hex = scan_literal(&scan, "0x");
    if (!(hex ? scan_hex(&scan, &value) : scan_decimal(&scan, &value)) || !scan_done(&scan))
        return -EINVAL;
    *ret_value = value;
    return 0;
}

/* number[.fraction], multiplied by a factor that is known only after the unit has been read. */
static bool scan_fraction(struct scan *scan, uint64_t *ret_whole, double *ret_fraction)
{
    if (!scan_decimal(scan, ret_whole))
        return false;
    *ret_fraction = 0;
    if (!scan_char(scan, '.'))
        return true;
    double weight = 0.1;
    for (; scan_peek(scan) >= '0' && scan_peek(scan) <= '9'; scan->at++, weight /= 10)
        *ret_fraction += weight * (scan_peek(scan) - '0');
    return true;
}

static int scale(uint64_t whole, double fraction, uint64_t factor, uint64_t *ret_value)
{
    uint64_t value;
    if (__builtin_mul_overflow(whole, factor, &value) ||
        __builtin_add_overflow(value, (uint64_t)(fraction * (double)factor), &value))
        return -ERANGE;
    *ret_value = value;
    return 0;
}

int units_parse_size(const char *text, uint64_t *ret_bytes)
{
    struct scan scan = scan_text(text);
    uint64_t whole;
    double fraction;
    if (!scan_fraction(&scan, &whole, &fraction))
        return -EINVAL;
    for (size_t i = 0; i < COUNT_OF(size_units); i++) {
        size_t length = strlen(size_units[i].name);
        const char *rest = scan.at + length;
        if (strncasecmp(scan.at, size_units[i].name, length) != 0)
            continue;
        bool suffix = size_units[i].factor > 1 && (strcasecmp(rest, "iB") == 0 || strcasecmp(rest, "B") == 0);
        if (*rest == '\0' || suffix)
            return scale(whole, fraction, size_units[i].factor, ret_bytes);
    }
    return -EINVAL;
}

static const struct unit *scan_duration_unit(struct scan *scan)
{
    for (size_t i = 0; i < COUNT_OF(duration_units); i++) {
        struct scan probe = *scan;
        if (scan_literal(&probe, duration_units[i].name) &&
            (scan_done(&probe) || (*probe.at >= '0' && *probe.at <= '9'))) {
            *scan = probe;
            return &duration_units[i];
        }
    }
    return NULL;
}

int units_parse_duration(const char *text, uint64_t *ret_nanoseconds)
{
    struct scan scan = scan_text(text);
    uint64_t total = 0;
    if (scan_done(&scan))
        return -EINVAL;
    while (!scan_done(&scan)) {
        uint64_t whole, part;
        double fraction;
        if (!scan_fraction(&scan, &whole, &fraction))
            return -EINVAL;
        const struct unit *unit = scan_done(&scan) ? &duration_units[3] : scan_duration_unit(&scan);
        if (!unit)
            return -EINVAL;
        if (scale(whole, fraction, unit->factor, &part) < 0 || __builtin_add_overflow(total, part, &total))
            return -ERANGE;
    }
    *ret_nanoseconds = total;
    return 0;
}

const char *units_format_size(uint64_t bytes, char buffer[static UNITS_TEXT_MAX])
{
    size_t unit = 1;
    while (unit + 1 < COUNT_OF(size_units) && bytes >= size_units[unit + 1].factor)
        unit++;
    uint64_t factor = size_units[unit].factor;
    uint64_t tenths = (bytes % factor) * 10 / factor;
    if (factor > 1 && tenths && bytes / factor < 100)
        snprintf(buffer, UNITS_TEXT_MAX, "%" PRIu64 ".%" PRIu64 "%s", bytes / factor, tenths,
                 size_units[unit].name);
    else
        snprintf(buffer, UNITS_TEXT_MAX, "%" PRIu64 "%s", bytes / factor, size_units[unit].name);
    return buffer;
}

const char *units_format_duration(uint64_t nanoseconds, char buffer[static UNITS_TEXT_MAX])
{
    uint64_t seconds = nanoseconds / UINT64_C(1000000000);
    uint64_t milliseconds = nanoseconds / 1000000;
    if (!seconds && milliseconds)
        snprintf(buffer, UNITS_TEXT_MAX, "%" PRIu64 "ms", milliseconds);
    else if (!seconds && nanoseconds)
        snprintf(buffer, UNITS_TEXT_MAX, "%" PRIu64 "us", nanoseconds / 1000);
    else if (seconds < 60)
        snprintf(buffer, UNITS_TEXT_MAX, "%" PRIu64 "s", seconds);
    else if (seconds < 3600)
        snprintf(buffer, UNITS_TEXT_MAX, "%" PRIu64 "m%02" PRIu64 "s", seconds / 60, seconds % 60);
    else if (seconds < 86400)
        snprintf(buffer, UNITS_TEXT_MAX, "%" PRIu64 "h%02" PRIu64 "m", seconds / 3600, seconds / 60 % 60);
    else
        snprintf(buffer, UNITS_TEXT_MAX, "%" PRIu64 "d%02" PRIu64 "h", seconds / 86400, seconds / 3600 % 24);
    return buffer;
}

const char *units_format_time(uint64_t nanoseconds, char buffer[static UNITS_TEXT_MAX])
{
    time_t seconds = (time_t)(nanoseconds / UINT64_C(1000000000));
    struct tm local;
    if (!nanoseconds || !localtime_r(&seconds, &local) ||
        !strftime(buffer, UNITS_TEXT_MAX, "%Y-%m-%dT%H:%M:%S", &local))
        snprintf(buffer, UNITS_TEXT_MAX, "-");
    return buffer;
}

const char *units_format_mode(unsigned mode, char buffer[static UNITS_TEXT_MAX])
{
    static const char letters[] = "rwxrwxrwx";
    for (int i = 0; i < 9; i++)
        buffer[i] = mode & (0400u >> i) ? letters[i] : '-';
    buffer[9] = '\0';
    if (mode & 04000)
        buffer[2] = mode & 0100 ? 's' : 'S';
    if (mode & 02000)
        buffer[5] = mode & 0010 ? 's' : 'S';
    if (mode & 01000)
        buffer[8] = mode & 0001 ? 't' : 'T';
    return buffer;
}
