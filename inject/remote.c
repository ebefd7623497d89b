/* remote.c - see remote.h. */
#include "inject/remote.h"

#include "common/cleanup.h"
#include "common/scan.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>

enum { PAGE = 4096, PATH_SIZE = 64 };

int remote_read(pid_t tid, uint64_t address, void *buffer, size_t size)
{
    struct iovec local = {buffer, size};
    struct iovec remote = {(void *)(uintptr_t)address, size};
    ssize_t length = process_vm_readv(tid, &local, 1, &remote, 1, 0);
    if (length < 0)
        return -errno;
    return (size_t)length == size ? 0 : -EFAULT;
}

int remote_string(pid_t tid, uint64_t address, char *buffer, size_t size)
{
    for (size_t done = 0; done < size - 1;) {
        size_t length = PAGE - (address + done) % PAGE;
        if (length > size - 1 - done)
            length = size - 1 - done;
        int r = remote_read(tid, address + done, buffer + done, length);
        if (r < 0)
            return r;
        if (memchr(buffer + done, '\0', length))
            return 0;
        done += length;
    }
    buffer[size - 1] = '\0';
    return 0;
}

FILE *remote_file(pid_t pid, const char *name)
{
    char path[PATH_SIZE];
    if ((size_t)snprintf(path, sizeof(path), "/proc/%d/%s", pid, name) >= sizeof(path))
        return NULL;
    return fopen(path, "re");
}

bool remote_field(pid_t pid, const char *name, const char *field, char line[REMOTE_LINE_SIZE],
                  struct scan *ret_scan)
{
    AUTO_FCLOSE FILE *file = remote_file(pid, name);
    while (file && fgets(line, REMOTE_LINE_SIZE, file)) {
        struct scan scan = scan_text(line);
        if (!scan_literal(&scan, field))
            continue;
        *ret_scan = scan;
        return true;
    }
    return false;
}

uint64_t remote_set(pid_t pid, const char *field)
{
    char line[REMOTE_LINE_SIZE];
    struct scan scan;
    uint64_t set;
    return remote_field(pid, "status", field, line, &scan) && scan_hex(&scan, &set) ? set : 0;
}

bool remote_shares_ipc(pid_t tid)
{
    char path[PATH_SIZE];
    struct stat ours;
    struct stat theirs;
    snprintf(path, sizeof(path), "/proc/%d/ns/ipc", tid);
    return stat("/proc/self/ns/ipc", &ours) == 0 && stat(path, &theirs) == 0 && ours.st_ino == theirs.st_ino;
}

pid_t remote_process(pid_t tid)
{
    char line[REMOTE_LINE_SIZE];
    struct scan scan;
    uint64_t pid;
    return remote_field(tid, "status", "Tgid:\t", line, &scan) && scan_decimal(&scan, &pid) ? (pid_t)pid
                                                                                            : -ESRCH;
}

/* /proc/TID/syscall: number, six arguments, stack pointer, program counter. */
int remote_registers(pid_t tid, uint64_t *ret_stack_pointer, uint64_t *ret_program_counter)
{
    enum { ARGUMENTS = 6, VALUES = ARGUMENTS + 2 };
    AUTO_FCLOSE FILE *file = remote_file(tid, "syscall");
    char line[256];
    uint64_t number;
    uint64_t values[VALUES];
    if (!file || !fgets(line, sizeof(line), file))
        return -ESRCH;
    struct scan scan = scan_text(line);
    if (!scan_decimal(&scan, &number))
        return -ESRCH;
    for (int index = 0; index < VALUES; index++) {
        scan_blanks(&scan);
        if (!scan_literal(&scan, "0x") || !scan_hex(&scan, &values[index]))
            return -ESRCH;
    }
    *ret_stack_pointer = values[ARGUMENTS];
    *ret_program_counter = values[ARGUMENTS + 1];
    return 0;
}

/* One line of /proc/PID/maps; `module` has the name of the file, cut when longer. */
static bool read_mapping(FILE *file, struct remote_module *module)
{
    char line[PATH_MAX + 128];
    if (!fgets(line, sizeof(line), file))
        return false;
    struct scan scan = scan_text(line);
    line[strcspn(line, "\n")] = '\0';
    *module = (struct remote_module){0};
    if (!scan_hex(&scan, &module->low) || !scan_char(&scan, '-') || !scan_hex(&scan, &module->high))
        return true;
    const char *slash = strrchr(line, '/');
    if (slash)
        snprintf(module->name, sizeof(module->name), "%s", slash + 1);
    return true;
}

int remote_module(pid_t pid, uint64_t address, struct remote_module *ret_module)
{
    AUTO_FCLOSE FILE *file = remote_file(pid, "maps");
    struct remote_module module = {0};
    struct remote_module mapping;
    if (!file)
        return -ESRCH;
    while (read_mapping(file, &mapping)) {
        bool same = module.high && mapping.name[0] && strcmp(mapping.name, module.name) == 0;
        if (!same && address >= module.low && address < module.high)
            break;
        if (same)
            module.high = mapping.high;
        else
            module = mapping;
    }
    if (address < module.low || address >= module.high)
        return -ENOENT;
    *ret_module = module;
    return 0;
}
