/* remote_facts.c - see remote_facts.h. */
#include "inject/remote_facts.h"

#include "common/cleanup.h"
#include "common/scan.h"
#include "inject/argument_state.h"
#include "inject/fd_kind.h"
#include "inject/mapping.h"
#include "inject/remote.h"
#include "inject/remote_caller.h"

#include <fcntl.h>
#include <mqueue.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>

enum { PATH_SIZE = 64 };

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
        else if (S_ISREG(status.st_mode) && statfs(path, &system) == 0 && system.f_type == FD_MQUEUE_MAGIC)
            facts->fd_kind = FD_MQ;
    }
    set_name(facts, strings, fd_link_name(link));
}

/* Relative names are looked up in the other's folders. */
static bool is_fifo(pid_t tid, const struct facts *facts, const char *path)
{
    char full[PATH_SIZE + PATH_MAX];
    struct stat status;
    int directory = call_param(&calls[facts->call], ROLE_DIR_FD);
    int at = directory < 0 ? AT_FDCWD : (int)facts->arguments[directory];
    if (*path == '/')
        snprintf(full, sizeof(full), "/proc/%d/root%s", tid, path);
    else if (at == AT_FDCWD)
        snprintf(full, sizeof(full), "/proc/%d/cwd/%s", tid, path);
    else
        snprintf(full, sizeof(full), "/proc/%d/fd/%d/%s", tid, at, path);
    return stat(full, &status) == 0 && S_ISFIFO(status.st_mode);
}

/* The name as libc takes it: of a queue's, libc gives the kernel what follows the slash. */
static const char *object_name(const struct call *call, char *path, char *slash)
{
    if (call_param(call, ROLE_NAME) < 0)
        return path;
    return call->class == CLASS_MQ && *path != '/' ? slash : fd_object_name(path);
}

static void path_facts(pid_t tid, uint64_t address, struct facts *facts, struct remote_strings *strings)
{
    char buffer[1 + PATH_MAX] = "/";
    char *path = buffer + 1;
    if (remote_string(tid, address, path, PATH_MAX) < 0)
        return;
    facts->fd_kind = fd_kind_of_link(path);
    if (facts->fd_kind == FD_OTHER && call_ipc_only(facts->call, NULL) && is_fifo(tid, facts, path))
        facts->fd_kind = FD_FIFO;
    set_name(facts, strings, object_name(&calls[facts->call], path, buffer));
}

static uint32_t fd_flag_state(pid_t tid, int fd)
{
    char name[PATH_SIZE / 2];
    char line[REMOTE_LINE_SIZE];
    struct scan scan;
    uint64_t flags;
    snprintf(name, sizeof(name), "fdinfo/%d", fd);
    bool told = remote_field(tid, name, "flags:\t", line, &scan) && scan_octal(&scan, &flags);
    return told ? argument_fd_state((int)flags) : 0;
}

static uint32_t seal_state(pid_t tid, const struct facts *facts, int fd)
{
    char path[PATH_SIZE];
    struct stat status;
    snprintf(path, sizeof(path), "/proc/%d/fd/%d", tid, fd);
    if (stat(path, &status) < 0 || !S_ISREG(status.st_mode))
        return 0;
    AUTO_CLOSE int same = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (same < 0)
        return 0;
    return argument_seal_state(facts->call, facts->arguments, fcntl(same, F_GET_SEALS), status.st_size);
}

/* How many semaphores a set has; any number is possible in another ipc namespace. */
static size_t set_size(pid_t tid, int id)
{
    struct semid_ds set;
    return remote_shares_ipc(tid) && semctl(id, 0, IPC_STAT, &set) == 0 ? set.sem_nsems : SIZE_MAX;
}

static uint32_t pointed_state(pid_t tid, const struct facts *facts, int index, uint32_t wanted)
{
    const struct call *call = &calls[facts->call];
    union argument_memory memory;
    size_t size = argument_size(call, facts->arguments, index, wanted);
    if (!size || remote_read(tid, facts->arguments[index], &memory, size) < 0)
        return 0;
    uint32_t state = argument_pointed_state(call->params[index].role, &memory, size);
    if ((wanted & STATE_BEYOND) && call->params[index].role == ROLE_SEMOPS)
        state |= argument_set_state(&memory, size, set_size(tid, (int)facts->arguments[0]));
    return state;
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
    return argument_message_state(size, (uint64_t)attr.mq_msgsize);
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
    char line[REMOTE_LINE_SIZE];
    struct scan scan;
    uint64_t parent;
    return remote_field(pid, "status", "PPid:\t", line, &scan) && scan_decimal(&scan, &parent) ? (pid_t)parent
                                                                                               : 0;
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
        state |= seal_state(tid, facts, (int)value);
    if (role == ROLE_SIZE && (wanted & STATE_ABOVE_FSIZE))
        state |= size_state(tid, value);
    if (role == ROLE_SIZE && (wanted & MESSAGE_STATES))
        state |= message_state(pid, facts, value);
    if (role == ROLE_ADDRESS && (wanted & MAPPING_STATES))
        state |= memory_state(pid, value);
    if (role == ROLE_PID && (wanted & STATE_STRANGER))
        state |= process_state(pid, tid, (pid_t)value);
    return state;
}

/* The process counts, not the thread that tgkill(2) takes too. */
static uint32_t foreign_state(pid_t pid, pid_t tid, const struct facts *facts)
{
    int index = call_param(&calls[facts->call], ROLE_PID);
    if (index < 0)
        return remote_object_state(tid, facts);
    bool stranger = process_state(pid, tid, (pid_t)facts->arguments[index]);
    return stranger && !remote_may_kill(tid) ? STATE_FOREIGN : 0;
}

static uint32_t state_of(pid_t pid, pid_t tid, const struct facts *facts, uint32_t wanted)
{
    uint32_t state = 0;
    for (int index = 0; index < calls[facts->call].param_count; index++)
        state |= argument_state_of(pid, tid, facts, index, wanted);
    if (wanted & STATE_FOREIGN)
        state |= foreign_state(pid, tid, facts);
    if (wanted & STATE_HANDLER)
        state |= remote_handler_state(pid);
    return state;
}

static const char *read_comm(pid_t pid, char buffer[RULE_COMM_MAX])
{
    AUTO_FCLOSE FILE *file = remote_file(pid, "comm");
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
