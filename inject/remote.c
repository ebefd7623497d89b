/* remote.c - see remote.h. */
#include "inject/remote.h"

#include "common/cleanup.h"
#include "common/scan.h"
#include "inject/argument_state.h"
#include "inject/fd_kind.h"
#include "inject/mapping.h"

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/uio.h>

#define MQUEUE_MAGIC 0x19800202

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

/* Opens /proc/PID/NAME for stdio. */
static FILE *open_proc(pid_t pid, const char *name)
{
    char path[PATH_SIZE];
    if ((size_t)snprintf(path, sizeof(path), "/proc/%d/%s", pid, name) >= sizeof(path))
        return NULL;
    return fopen(path, "re");
}

pid_t remote_process(pid_t tid)
{
    AUTO_FCLOSE FILE *file = open_proc(tid, "status");
    char line[128];
    while (file && fgets(line, sizeof(line), file)) {
        struct scan scan = scan_text(line);
        uint64_t pid;
        if (!scan_literal(&scan, "Tgid:"))
            continue;
        scan_blanks(&scan);
        return scan_decimal(&scan, &pid) ? (pid_t)pid : -ESRCH;
    }
    return -ESRCH;
}

/* /proc/TID/syscall: number, six arguments, stack pointer, program counter. */
int remote_registers(pid_t tid, uint64_t *ret_stack_pointer, uint64_t *ret_program_counter)
{
    enum { ARGUMENTS = 6, VALUES = ARGUMENTS + 2 };
    AUTO_FCLOSE FILE *file = open_proc(tid, "syscall");
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
    AUTO_FCLOSE FILE *file = open_proc(pid, "maps");
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

/* Cut when longer. */
static void set_name(struct facts *facts, struct remote_strings *strings, const char *name)
{
    memccpy(strings->name, name, '\0', sizeof(strings->name) - 1);
    strings->name[sizeof(strings->name) - 1] = '\0';
    facts->name = strings->name;
}

static void fd_facts(pid_t tid, int fd, struct facts *facts, struct remote_strings *strings)
{
    char path[PATH_SIZE];
    char link[PATH_MAX];
    struct stat status;
    struct statfs system;
    snprintf(path, sizeof(path), "/proc/%d/fd/%d", tid, fd);
    ssize_t length = readlink(path, link, sizeof(link) - 1);
    if (length < 0)
        return;
    link[length] = '\0';
    facts->fd_kind = fd_kind_of_link(link);
    if (facts->fd_kind == FD_OTHER && stat(path, &status) == 0) {
        if (S_ISFIFO(status.st_mode))
            facts->fd_kind = FD_FIFO;
        else if (S_ISREG(status.st_mode) && statfs(path, &system) == 0 && system.f_type == MQUEUE_MAGIC)
            facts->fd_kind = FD_MQ;
    }
    set_name(facts, strings, fd_object_name(link));
}

/* Relative names are looked up in the other's working directory. */
static bool is_fifo(pid_t tid, const char *path)
{
    char full[PATH_SIZE + PATH_MAX];
    struct stat status;
    if (*path == '/')
        snprintf(full, sizeof(full), "/proc/%d/root%s", tid, path);
    else
        snprintf(full, sizeof(full), "/proc/%d/cwd/%s", tid, path);
    return stat(full, &status) == 0 && S_ISFIFO(status.st_mode);
}

static void path_facts(pid_t tid, uint64_t address, struct facts *facts, struct remote_strings *strings)
{
    char path[PATH_MAX];
    if (remote_string(tid, address, path, sizeof(path)) < 0)
        return;
    facts->fd_kind = fd_kind_of_link(path);
    if (facts->fd_kind == FD_OTHER && call_ipc_only(facts->call, NULL) && is_fifo(tid, path))
        facts->fd_kind = FD_FIFO;
    bool object = call_param(&calls[facts->call], ROLE_NAME) >= 0;
    set_name(facts, strings, object ? fd_object_name(path) : path);
}

static uint32_t fd_flag_state(pid_t tid, int fd)
{
    char name[PATH_SIZE / 2];
    char line[128];
    snprintf(name, sizeof(name), "fdinfo/%d", fd);
    AUTO_FCLOSE FILE *file = open_proc(tid, name);
    while (file && fgets(line, sizeof(line), file)) {
        struct scan scan = scan_text(line);
        uint64_t flags;
        if (scan_literal(&scan, "flags:\t") && scan_octal(&scan, &flags))
            return argument_fd_state((int)flags);
    }
    return 0;
}

static uint32_t seal_state(pid_t tid, int fd)
{
    char path[PATH_SIZE];
    struct stat status;
    snprintf(path, sizeof(path), "/proc/%d/fd/%d", tid, fd);
    if (stat(path, &status) < 0 || !S_ISREG(status.st_mode))
        return 0;
    AUTO_CLOSE int same = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    return same < 0 ? 0 : argument_seal_state(fcntl(same, F_GET_SEALS));
}

static uint32_t pointed_state(pid_t tid, const struct facts *facts, int index, uint32_t wanted)
{
    const struct call *call = &calls[facts->call];
    union argument_memory memory;
    size_t size = argument_size(call, facts->arguments, index, wanted);
    if (!size || remote_read(tid, facts->arguments[index], &memory, size) < 0)
        return 0;
    return argument_pointed_state(call->params[index].role, &memory, size);
}

static uint32_t size_state(pid_t tid, uint64_t size)
{
    struct rlimit limit;
    return prlimit(tid, RLIMIT_FSIZE, NULL, &limit) == 0 && size > limit.rlim_cur ? STATE_ABOVE_FSIZE : 0;
}

/* The other's descriptor, because a queue's attributes are not in /proc. */
static uint32_t message_state(pid_t pid, const struct facts *facts, uint64_t size)
{
    struct mq_attr attr;
    AUTO_CLOSE int pidfd = pidfd_open(pid, 0);
    AUTO_CLOSE int queue = pidfd < 0 ? -1 : pidfd_getfd(pidfd, (int)facts->arguments[0], 0);
    if (queue < 0 || mq_getattr(queue, &attr) < 0)
        return 0;
    return size > (uint64_t)attr.mq_msgsize ? STATE_TOO_LONG : 0;
}

static uint32_t memory_state(pid_t pid, uint64_t address)
{
    char proc[PATH_SIZE];
    snprintf(proc, sizeof(proc), "/proc/%d", pid);
    return mapping_state(syscall, proc, address);
}

/* The parent of a process, or 0. */
static pid_t parent_of(pid_t pid)
{
    char line[128];
    AUTO_FCLOSE FILE *file = open_proc(pid, "status");
    while (file && fgets(line, sizeof(line), file)) {
        struct scan scan = scan_text(line);
        uint64_t parent;
        if (scan_literal(&scan, "PPid:\t") && scan_decimal(&scan, &parent))
            return (pid_t)parent;
    }
    return 0;
}

/* As in the shim, but children in a group are not known here, nor those with a number in another namespace.
 */
static uint32_t process_state(pid_t pid, pid_t tid, pid_t number)
{
    if (number == 0 || number == pid || number == tid)
        return 0;
    return number > 0 && parent_of(number) == pid ? 0 : STATE_STRANGER;
}

static uint32_t argument_state_of(pid_t pid, pid_t tid, const struct facts *facts, int index, uint32_t wanted)
{
    enum call_role role = calls[facts->call].params[index].role;
    uint64_t value = facts->arguments[index];
    uint32_t state = argument_state(role, value) | pointed_state(tid, facts, index, wanted);
    if (role == ROLE_FD && (wanted & FD_FLAG_STATES))
        state |= fd_flag_state(tid, (int)value);
    if (role == ROLE_FD && (wanted & STATE_SEALED))
        state |= seal_state(tid, (int)value);
    if (role == ROLE_SIZE && (wanted & STATE_ABOVE_FSIZE))
        state |= size_state(tid, value);
    if (role == ROLE_SIZE && (wanted & STATE_TOO_LONG))
        state |= message_state(pid, facts, value);
    if (role == ROLE_ADDRESS && (wanted & MAPPING_STATES))
        state |= memory_state(pid, value);
    if (role == ROLE_PID && (wanted & STATE_STRANGER))
        state |= process_state(pid, tid, (pid_t)value);
    return state;
}

static uint32_t state_of(pid_t pid, pid_t tid, const struct facts *facts, uint32_t wanted)
{
    uint32_t state = 0;
    for (int index = 0; index < calls[facts->call].param_count; index++)
        state |= argument_state_of(pid, tid, facts, index, wanted);
    return state;
}

static const char *read_comm(pid_t pid, char buffer[RULE_COMM_MAX])
{
    AUTO_FCLOSE FILE *file = open_proc(pid, "comm");
    if (!file || !fgets(buffer, RULE_COMM_MAX, file))
        return NULL;
    buffer[strcspn(buffer, "\n")] = '\0';
    return buffer;
}

void remote_facts(pid_t pid, pid_t tid, struct needs needed, struct facts *facts,
                  struct remote_strings *strings)
{
    const uint32_t needs = needed.facts;
    const struct call *call = &calls[facts->call];
    int name = call_name_param(call);
    int fd = call_param(call, ROLE_FD);
    if (name >= 0 && (needs & (NEED_NAME | NEED_FD_KIND)))
        path_facts(tid, facts->arguments[name], facts, strings);
    else if (fd >= 0 && (needs & (NEED_NAME | NEED_FD_KIND)))
        fd_facts(tid, (int)facts->arguments[fd], facts, strings);
    if (needed.states)
        facts->state = state_of(pid, tid, facts, needed.states);
    if (needs & NEED_PROC)
        facts->proc = read_comm(pid, strings->proc);
    if (needs & NEED_THREAD) {
        facts->main_thread = pid == tid;
        facts->thread = read_comm(tid, strings->thread);
    }
}
