/* remote_caller.c - see remote_caller.h; all of it is in /proc/PID/status, see proc(5). */
#include "inject/remote_caller.h"

#include "common/cleanup.h"
#include "common/scan.h"
#include "inject/ownership.h"
#include "inject/remote.h"

#include <linux/capability.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE_SIZE = 128, PATH_SIZE = 64 };

/* SIGCANCEL and SIGSETXID of libc: their handlers are not the program's. */
static const uint64_t signals_of_libc = 1ULL << 31 | 1ULL << 32;

/* What follows `name` in the status of a process. `line` is its memory. */
static bool find_field(pid_t pid, const char *name, char line[LINE_SIZE], struct scan *ret_scan)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof(path), "/proc/%d/status", pid);
    AUTO_FCLOSE FILE *file = fopen(path, "re");
    while (file && fgets(line, LINE_SIZE, file)) {
        struct scan scan = scan_text(line);
        if (!scan_literal(&scan, name))
            continue;
        *ret_scan = scan;
        return true;
    }
    return false;
}

static uint64_t set_field(pid_t pid, const char *name)
{
    char line[LINE_SIZE];
    struct scan scan;
    uint64_t set;
    return find_field(pid, name, line, &scan) && scan_hex(&scan, &set) ? set : 0;
}

uint32_t remote_handler_state(pid_t pid)
{
    return set_field(pid, "SigCgt:\t") & ~signals_of_libc ? STATE_HANDLER : 0;
}

bool remote_may_kill(pid_t pid)
{
    return set_field(pid, "CapEff:\t") >> CAP_KILL & 1;
}

/* Real and effective users come first. */
static bool find_user(pid_t pid, uid_t *ret_user)
{
    char line[LINE_SIZE];
    struct scan scan;
    uint64_t real;
    uint64_t effective;
    if (!find_field(pid, "Uid:\t", line, &scan) || !scan_decimal(&scan, &real) || !scan_char(&scan, '\t') ||
        !scan_decimal(&scan, &effective))
        return false;
    *ret_user = (uid_t)effective;
    return true;
}

static bool shares_objects(pid_t tid)
{
    char path[PATH_SIZE];
    struct stat ours;
    struct stat theirs;
    snprintf(path, sizeof(path), "/proc/%d/ns/ipc", tid);
    return stat("/proc/self/ns/ipc", &ours) == 0 && stat(path, &theirs) == 0 && ours.st_ino == theirs.st_ino;
}

static uint32_t file_state(pid_t tid, const struct facts *facts, uid_t user)
{
    char root[PATH_SIZE];
    char name[OWNERSHIP_PATH_SIZE];
    char path[OWNERSHIP_PATH_SIZE];
    uint64_t address = facts->arguments[call_name_param(&calls[facts->call])];
    snprintf(root, sizeof(root), "/proc/%d/root", tid);
    if (remote_string(tid, address, name, sizeof(name)) < 0 || !ownership_path(facts->call, root, name, path))
        return STATE_FOREIGN;
    return ownership_of_file(path, user);
}

uint32_t remote_object_state(pid_t tid, const struct facts *facts)
{
    uid_t user;
    if (!find_user(tid, &user))
        return STATE_FOREIGN;
    if (call_param(&calls[facts->call], ROLE_ID) < 0)
        return file_state(tid, facts, user);
    return shares_objects(tid) ? ownership_of_id(syscall, facts, user) : STATE_FOREIGN;
}
