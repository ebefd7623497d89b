/* remote_caller.c - see remote_caller.h; all of it is in /proc/PID/status, see proc(5). */
#include "inject/remote_caller.h"

#include "common/scan.h"
#include "inject/ownership.h"
#include "inject/remote.h"

#include <linux/capability.h>
#include <stdio.h>
#include <unistd.h>

enum { PATH_SIZE = 64 };

/* SIGCANCEL and SIGSETXID of libc: their handlers are not the program's. */
static const uint64_t signals_of_libc = 1ULL << 31 | 1ULL << 32;

uint32_t remote_handler_state(pid_t pid)
{
    return remote_set(pid, "SigCgt:\t") & ~signals_of_libc ? STATE_HANDLER : 0;
}

bool remote_may_kill(pid_t pid)
{
    return remote_set(pid, "CapEff:\t") >> CAP_KILL & 1;
}

/* Real and effective users come first. */
static bool find_user(pid_t pid, uid_t *ret_user)
{
    char line[REMOTE_LINE_SIZE];
    struct scan scan;
    uint64_t real;
    uint64_t effective;
    if (!remote_field(pid, "status", "Uid:\t", line, &scan) || !scan_decimal(&scan, &real) ||
        !scan_char(&scan, '\t') || !scan_decimal(&scan, &effective))
        return false;
    *ret_user = (uid_t)effective;
    return true;
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
    return remote_shares_ipc(tid) ? ownership_of_id(syscall, facts, user) : STATE_FOREIGN;
}
