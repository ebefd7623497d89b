/* parse_maps.c - /proc/PID/maps: "start-end rwxs offset major:minor inode   name". */
#include "common/scan.h"
#include "probes/edge.h"
#include "probes/parse.h"

#include <string.h>

static bool scan_access(struct scan *scan, uint8_t *ret_access, bool *ret_shared)
{
    if (scan->end - scan->at < 4)
        return false;
    *ret_access = (uint8_t)((scan->at[0] == 'r' ? EDGE_READ : 0) | (scan->at[1] == 'w' ? EDGE_WRITE : 0) |
                            (scan->at[2] == 'x' ? EDGE_EXECUTE : 0));
    *ret_shared = scan->at[3] == 's';
    scan->at += 4;
    return true;
}

bool parse_maps_line(struct scan line, struct vma *ret_vma, const char **ret_name, size_t *ret_name_length)
{
    struct vma vma = {0};
    uint64_t major, minor;
    bool shared;
    if (!scan_hex(&line, &vma.start) || !scan_char(&line, '-') || !scan_hex(&line, &vma.end) ||
        !scan_char(&line, ' ') || !scan_access(&line, &vma.access, &shared) || !shared ||
        !scan_char(&line, ' ') || !scan_hex(&line, &vma.offset) || !scan_char(&line, ' ') ||
        !scan_hex(&line, &major) || !scan_char(&line, ':') || !scan_hex(&line, &minor) ||
        !scan_char(&line, ' ') || !scan_decimal(&line, &vma.inode))
        return false;
    if (vma.end < vma.start || major > UINT32_MAX || minor > UINT32_MAX)
        return false;
    vma.major = (uint32_t)major;
    vma.minor = (uint32_t)minor;
    scan_blanks(&line);
    *ret_vma = vma;
    *ret_name = line.at;
    *ret_name_length = (size_t)(line.end - line.at);
    return true;
}

void parse_maps_name(const char *name, size_t length, char *ret_name)
{
    static const char newline[] = "\\012";
    size_t to = 0;
    for (size_t from = 0; from < length; to++) {
        bool escaped = length - from >= 4 && memcmp(name + from, newline, 4) == 0;
        ret_name[to] = escaped ? '\n' : name[from];
        from += escaped ? 4 : 1;
    }
    ret_name[to] = '\0';
}
