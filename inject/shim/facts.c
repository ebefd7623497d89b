/* facts.c - finds out about a call what the rules ask for. Slow things are done only when asked. */
#include "inject/shim/shim.h"

#include "inject/fd_kind.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { PAGE = 4096 };

/* process_vm_readv on ourselves: a bad address is the kernel's to answer (EFAULT), not ours to fall over. */
bool shim_copy_string(char *buffer, size_t size, uint64_t address)
{
    size_t done = 0;
    while (done < size - 1) {
        size_t length = PAGE - (address + done) % PAGE;
        if (length > size - 1 - done)
            length = size - 1 - done;
        struct iovec local = {buffer + done, length};
        struct iovec remote = {(void *)(uintptr_t)(address + done), length};
        if (shim_raw(SYS_process_vm_readv, getpid(), &local, 1, &remote, 1, 0) != (long)length)
            return false;
        if (memchr(buffer + done, '\0', length))
            return true;
        done += length;
    }
    buffer[done] = '\0';
    return true;
}

/* Digits by hand: snprintf is not async-signal-safe. */
static void fd_link_path(char path[32], int fd)
{
    static const char directory[] = "/proc/self/fd/";
    char digits[12];
    unsigned count = 0;
    for (unsigned rest = (unsigned)fd; count == 0 || rest; rest /= 10)
        digits[count++] = (char)('0' + rest % 10);
    memcpy(path, directory, sizeof(directory) - 1);
    char *end = path + sizeof(directory) - 1;
    while (count)
        *end++ = digits[--count];
    *end = '\0';
}

static void fd_facts(struct shim_call *call, int fd, uint32_t needs)
{
    char path[32];
    char link[PLAN_EVENT_NAME_MAX + sizeof("/dev/shm/sem.")];
    if (fd < 0)
        return;
    fd_link_path(path, fd);
    ssize_t length = readlink(path, link, sizeof(link) - 1);
    if (length < 0)
        return;
    link[length] = '\0';
    uint32_t kind = fd_kind_of_link(link);
    struct stat status;
    struct statfs system;
    if (kind == FD_OTHER && fstat(fd, &status) == 0) {
        if (S_ISFIFO(status.st_mode))
            kind = FD_FIFO;
        else if (S_ISREG(status.st_mode) && fstatfs(fd, &system) == 0 && system.f_type == FD_MQUEUE_MAGIC)
            kind = FD_MQ;
    }
    call->facts.fd_kind = kind;
    if (!(needs & NEED_NAME) || call->facts.name)
        return;
    const char *name = fd_link_name(link);
    memccpy(call->strings.name, name, '\0', sizeof(call->strings.name) - 1);
    call->strings.name[sizeof(call->strings.name) - 1] = '\0';
    call->facts.name = call->strings.name;
}

static void path_facts(struct shim_call *call, int index)
{
    char path[PLAN_EVENT_NAME_MAX + sizeof("/dev/shm/sem.")];
    if (!shim_copy_string(path, sizeof(path), call->facts.arguments[index]))
        return;
    struct stat status;
    call->facts.fd_kind = fd_kind_of_link(path);
    if (call->facts.fd_kind == FD_OTHER && call_ipc_only(call->facts.call, NULL)) {
        int directory = call_param(&calls[call->facts.call], ROLE_DIR_FD);
        int at = directory < 0 ? AT_FDCWD : (int)call->facts.arguments[directory];
        if (fstatat(at, path, &status, 0) == 0 && S_ISFIFO(status.st_mode))
            call->facts.fd_kind = FD_FIFO;
    }
    /* An object opened by syscall(2) has its path here, not the name libc takes. */
    bool object = call_param(&calls[call->facts.call], ROLE_NAME) >= 0;
    memccpy(call->strings.name, object ? fd_object_name(path) : path, '\0', sizeof(call->strings.name) - 1);
    call->strings.name[sizeof(call->strings.name) - 1] = '\0';
    call->facts.name = call->strings.name;
}

/* _dl_find_object is the one lookup of an address that a signal handler may do (glibc 2.35). */
static void caller_facts(struct shim_call *call)
{
    struct dl_find_object object;
    call->facts.caller_offset = (uintptr_t)call->caller;
    if (_dl_find_object((void *)(uintptr_t)call->caller, &object) != 0)
        return;
    /* The program itself has an empty name in the loader's list. */
    const char *path = object.dlfo_link_map->l_name;
    call->strings.module = path && *path ? path : shim_program_path;
    const char *slash = path ? strrchr(path, '/') : NULL;
    call->facts.caller = path && *path ? (slash ? slash + 1 : path) : program_invocation_short_name;
    call->facts.caller_offset -= object.dlfo_link_map->l_addr;
}

void shim_facts(struct shim_call *call, struct needs needed)
{
    const uint32_t needs = needed.facts;
    struct facts *facts = &call->facts;
    const struct call *row = &calls[facts->call];
    int saved = errno;
    int name = call_name_param(row);
    int fd = call_param(row, ROLE_FD);
    if (name >= 0 && (needs & (NEED_NAME | NEED_FD_KIND)))
        path_facts(call, name);
    else if (fd >= 0 && (needs & (NEED_NAME | NEED_FD_KIND)))
        fd_facts(call, (int)facts->arguments[fd], needs);
    int semaphore = call_param(row, ROLE_SEM);
    if (semaphore >= 0 && (needs & NEED_NAME))
        facts->name = shim_sem_name(facts->arguments[semaphore]);
    if (needed.states)
        facts->state = shim_states(facts, needed.states);
    if (needs & NEED_CALLER)
        caller_facts(call);
    if (needs & NEED_STACK)
        shim_stack(call);
    if (needs & NEED_THREAD) {
        facts->main_thread = getpid() == gettid();
        if (prctl(PR_GET_NAME, call->strings.thread) == 0)
            facts->thread = call->strings.thread;
    }
    errno = saved;
}
