/*
 * mapping.c - see mapping.h and proc(5). That a file was opened for reading only is not in maps, but in the
 * mode of its link in map_files (proc_map_files_instantiate() in fs/proc/base.c), which needs no privilege to
 * be looked at.
 */
#include "inject/mapping.h"

#include "common/scan.h"
#include "inject/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>

enum { PATH_SIZE = 512, LINE_SIZE = PATH_SIZE + 80, READ_SIZE = 1024 };

struct lines {
    mapping_syscall *call;
    int fd;
    char bytes[READ_SIZE];
    long count, at;
};

struct mapping {
    uint64_t low, high;
    uint64_t major, minor, inode;
    bool shared;
    const char *path; /* in the line; without a NUL */
    size_t path_length;
};

/* Lines that are longer are cut. False at the end. */
static bool next_line(struct lines *lines, char line[LINE_SIZE], size_t *ret_length)
{
    size_t length = 0;
    for (;;) {
        if (lines->at == lines->count) {
            lines->at = 0;
            lines->count = lines->call(SYS_read, lines->fd, lines->bytes, sizeof(lines->bytes));
            if (lines->count <= 0)
                return false;
        }
        char byte = lines->bytes[lines->at++];
        if (byte == '\n') {
            *ret_length = length;
            return true;
        }
        if (length < LINE_SIZE)
            line[length++] = byte;
    }
}

/* "low-high rwxs offset major:minor inode   path" */
static bool parse_line(struct scan line, struct mapping *mapping)
{
    uint64_t offset;
    if (!scan_hex(&line, &mapping->low) || !scan_char(&line, '-') || !scan_hex(&line, &mapping->high) ||
        !scan_char(&line, ' ') || line.end - line.at < 4)
        return false;
    mapping->shared = line.at[3] == 's';
    line.at += 4;
    if (!scan_char(&line, ' ') || !scan_hex(&line, &offset) || !scan_char(&line, ' ') ||
        !scan_hex(&line, &mapping->major) || !scan_char(&line, ':') || !scan_hex(&line, &mapping->minor) ||
        !scan_char(&line, ' ') || !scan_decimal(&line, &mapping->inode))
        return false;
    scan_blanks(&line);
    mapping->path = line.at;
    mapping->path_length = (size_t)(line.end - line.at);
    return true;
}

static bool find(struct lines *lines, uint64_t address, char line[LINE_SIZE], struct mapping *mapping)
{
    size_t length;
    while (next_line(lines, line, &length))
        if (parse_line(scan_bytes(line, length), mapping) && address < mapping->high)
            return address >= mapping->low;
    return false;
}

static bool starts(const struct mapping *mapping, const char *start)
{
    return mapping->path_length >= strlen(start) && memcmp(mapping->path, start, strlen(start)) == 0;
}

/* Puts texts and a number in hexadecimal together; what does not fit is left out. */
static void add_bytes(char path[PATH_SIZE], const char *bytes, size_t length)
{
    size_t old = strlen(path);
    if (length >= PATH_SIZE - old)
        return;
    memcpy(path + old, bytes, length);
    path[old + length] = '\0';
}

static void add_hex(char path[PATH_SIZE], uint64_t number)
{
    char digits[16];
    size_t at = sizeof(digits);
    do {
        digits[--at] = "0123456789abcdef"[number % 16];
        number /= 16;
    } while (number);
    add_bytes(path, digits + at, sizeof(digits) - at);
}

static bool opened_for_writing(const char *proc, const struct mapping *mapping)
{
    char path[PATH_SIZE] = "";
    struct stat status;
    add_bytes(path, proc, strlen(proc));
    add_bytes(path, "/map_files/", strlen("/map_files/"));
    add_hex(path, mapping->low);
    add_bytes(path, "-", 1);
    add_hex(path, mapping->high);
    return fstatat(AT_FDCWD, path, &status, AT_SYMLINK_NOFOLLOW) < 0 || (status.st_mode & S_IWUSR);
}

/* By its folder, because the file itself may have been removed. */
static bool in_memory_file_system(const char *proc, const struct mapping *mapping)
{
    char path[PATH_SIZE] = "";
    struct statfs system;
    add_bytes(path, proc, strlen(proc));
    add_bytes(path, "/root", strlen("/root"));
    add_bytes(path, mapping->path, mapping->path_length);
    strrchr(path, '/')[1] = '\0';
    return statfs(path, &system) == 0 &&
           (system.f_type == TMPFS_MAGIC || system.f_type == RAMFS_MAGIC || system.f_type == HUGETLBFS_MAGIC);
}

/* Device 0:1 is the kernel's own: System V segments, memfds, anonymous shared memory. */
static bool is_memory(const char *proc, const struct mapping *mapping)
{
    if (!mapping->inode || (mapping->major == 0 && mapping->minor == 1))
        return true;
    if (!starts(mapping, "/") || starts(mapping, "/memfd:") || starts(mapping, "/anon_hugepage"))
        return true;
    return in_memory_file_system(proc, mapping);
}

uint32_t mapping_state(mapping_syscall *call, const char *proc, uint64_t address)
{
    char path[PATH_SIZE] = "";
    char line[LINE_SIZE];
    struct mapping mapping = {0};
    add_bytes(path, proc, strlen(proc));
    add_bytes(path, "/maps", strlen("/maps"));
    struct lines lines = {.call = call, .fd = (int)call(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC)};
    if (lines.fd < 0)
        return 0;
    bool found = find(&lines, address, line, &mapping);
    call(SYS_close, lines.fd);
    if (!found || !mapping.shared || !mapping.inode)
        return 0;
    if (!opened_for_writing(proc, &mapping))
        return STATE_READ_MAPPING;
    return is_memory(proc, &mapping) ? 0 : STATE_FILE_MAPPING;
}
