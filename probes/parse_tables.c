/* parse_tables.c - the kernel's tables, a row a line: /proc/sysvipc, /proc/locks, epoll, mountinfo, mqueue
 * files. */
#include "common/scan.h"
#include "probes/parse.h"

#include <stdio.h>
#include <string.h>

size_t parse_sysvipc_line(struct scan line, int64_t *ret_numbers, size_t room)
{
    enum { PERMISSIONS = 2 };
    size_t count = 0;
    for (; count < room; count++) {
        uint64_t octal;
        scan_blanks(&line);
        if (scan_done(&line))
            break;
        if (count == PERMISSIONS) {
            if (!scan_octal(&line, &octal))
                return 0;
            ret_numbers[count] = (int64_t)octal;
        } else if (!scan_signed(&line, &ret_numbers[count])) {
            return 0;
        }
    }
    return count;
}

static bool scan_short_word(struct scan *line, char *ret_word, size_t room)
{
    const char *word;
    size_t length;
    scan_blanks(line);
    if (!scan_word(line, &word, &length) || length >= room)
        return false;
    memcpy(ret_word, word, length);
    ret_word[length] = '\0';
    return true;
}

static bool scan_device(struct scan *line, bool hex, uint32_t *ret_major, uint32_t *ret_minor)
{
    bool (*number)(struct scan *, uint64_t *) = hex ? scan_hex : scan_decimal;
    uint64_t major, minor;
    if (!number(line, &major) || !scan_char(line, ':') || !number(line, &minor) || major > UINT32_MAX ||
        minor > UINT32_MAX)
        return false;
    *ret_major = (uint32_t)major;
    *ret_minor = (uint32_t)minor;
    return true;
}

/* "1: POSIX  ADVISORY  WRITE 1234 08:01:5678 0 EOF", with "->" before the type for a waiter. */
bool parse_lock_line(struct scan line, struct lock_line *ret_lock)
{
    struct lock_line lock = {0};
    char mode[16], access[8];
    int64_t pid;
    scan_blanks(&line);
    if (!scan_decimal(&line, &lock.number) || !scan_char(&line, ':'))
        return false;
    scan_blanks(&line);
    lock.waiting = scan_literal(&line, "->");
    if (!scan_short_word(&line, lock.type, sizeof(lock.type)) ||
        !scan_short_word(&line, mode, sizeof(mode)) || !scan_short_word(&line, access, sizeof(access)))
        return false;
    scan_blanks(&line);
    if (!scan_signed(&line, &pid) || !scan_char(&line, ' ') ||
        !scan_device(&line, true, &lock.major, &lock.minor) || !scan_char(&line, ':') ||
        !scan_decimal(&line, &lock.inode) || !scan_char(&line, ' ') || !scan_decimal(&line, &lock.start) ||
        !scan_char(&line, ' '))
        return false;
    if (scan_literal(&line, "EOF"))
        lock.end = UINT64_MAX;
    else if (!scan_decimal(&line, &lock.end))
        return false;
    if (pid < -1 || pid > INT32_MAX)
        return false;
    lock.pid = (pid_t)pid;
    lock.write = strcmp(access, "WRITE") == 0;
    *ret_lock = lock;
    return true;
}

static bool scan_named(struct scan *line, const char *name)
{
    scan_blanks(line);
    if (!scan_literal(line, name))
        return false;
    scan_blanks(line);
    return true;
}

bool parse_epoll_line(struct scan line, struct epoll_line *ret_watched)
{
    uint64_t fd, events, data, inode = 0;
    int64_t position;
    if (!scan_named(&line, "tfd:") || !scan_decimal(&line, &fd) || fd > INT32_MAX ||
        !scan_named(&line, "events:") || !scan_hex(&line, &events) || events > UINT32_MAX)
        return false;
    if (scan_named(&line, "data:") && scan_hex(&line, &data) && scan_named(&line, "pos:") &&
        scan_signed(&line, &position) && scan_named(&line, "ino:"))
        scan_hex(&line, &inode);
    *ret_watched = (struct epoll_line){.fd = (int)fd, .events = (uint32_t)events, .inode = inode};
    return true;
}

/* Undoes the octal escapes \040 \011 \012 \134 of mount tables (mangle_path() in fs/seq_file.c). */
static bool unescape_octal(const char *text, size_t length, char *ret_text, size_t room)
{
    size_t to = 0;
    for (size_t from = 0; from < length; to++) {
        if (to + 1 >= room)
            return false;
        struct scan digits = scan_bytes(text + from + 1, length - from >= 4 ? 3 : 0);
        uint64_t byte;
        bool escaped = text[from] == '\\' && scan_octal(&digits, &byte) && scan_done(&digits);
        ret_text[to] = escaped ? (char)byte : text[from];
        from += escaped ? 4 : 1;
    }
    ret_text[to] = '\0';
    return true;
}

/* "36 35 98:0 /root /point options tags… - type source super-options", see proc(5). */
bool parse_mount_line(struct scan line, struct mount_line *ret_mount)
{
    struct mount_line mount;
    const char *word, *point;
    size_t length, point_length;
    uint64_t number;
    if (!scan_decimal(&line, &number) || !scan_char(&line, ' ') || !scan_decimal(&line, &number) ||
        !scan_char(&line, ' ') || !scan_device(&line, false, &mount.major, &mount.minor))
        return false;
    scan_blanks(&line);
    if (!scan_word(&line, &word, &length))
        return false;
    scan_blanks(&line);
    if (!scan_word(&line, &point, &point_length) ||
        !unescape_octal(point, point_length, mount.point, sizeof(mount.point)) ||
        !scan_short_word(&line, mount.options, sizeof(mount.options)))
        return false;
    do {
        scan_blanks(&line);
        if (!scan_word(&line, &word, &length))
            return false;
    } while (length != 1 || *word != '-');
    if (!scan_short_word(&line, mount.type, sizeof(mount.type)))
        return false;
    *ret_mount = mount;
    return true;
}

static bool scan_labelled(struct scan *scan, const char *label, uint64_t *ret_number)
{
    scan_blanks(scan);
    return scan_literal(scan, label) && scan_decimal(scan, ret_number);
}

bool parse_queue_text(const char *text, struct queue_file *ret_file)
{
    struct scan scan = scan_text(text);
    uint64_t bytes, notify, signal, pid;
    if (!scan_labelled(&scan, "QSIZE:", &bytes) || !scan_labelled(&scan, "NOTIFY:", &notify) ||
        !scan_labelled(&scan, "SIGNO:", &signal) || !scan_labelled(&scan, "NOTIFY_PID:", &pid) ||
        signal > INT32_MAX || pid > INT32_MAX)
        return false;
    ret_file->text_read = 1;
    ret_file->bytes = bytes;
    ret_file->signal = (int32_t)signal;
    ret_file->notify_pid = (int32_t)pid;
    return true;
}
