/* crash.c - see crash.h. Frames come from libdw. Runs in the first process of a trial's world. */
#include "inject/sweep/crash.h"

#include "common/cleanup.h"
#include "inject/elfutils.h"
#include "inject/remote.h"
#include "inject/sweep/patience.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>

static const int fatal[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGSYS, SIGTRAP};

static bool is_fatal(int signal)
{
    for (size_t index = 0; index < COUNT_OF(fatal); index++)
        if (fatal[index] == signal)
            return true;
    return false;
}

/* Whether the program has a handler for it, or ignores it. */
static bool is_handled(pid_t pid, int signal)
{
    uint64_t handled = remote_set(pid, "SigCgt:\t") | remote_set(pid, "SigIgn:\t");
    return handled >> (signal - 1) & 1;
}

static int add_frame(Dwfl_Frame *state, void *context)
{
    struct seen *seen = context;
    Dwarf_Addr address;
    bool activation;
    if (seen->frame_count == PLAN_FRAMES_MAX || !elfutils.dwfl_frame_pc(state, &address, &activation))
        return DWARF_CB_ABORT;
    Dwfl_Module *module =
        elfutils.dwfl_addrmodule(elfutils.dwfl_thread_dwfl(elfutils.dwfl_frame_thread(state)), address);
    const char *path = NULL;
    GElf_Addr bias = 0;
    if (module) {
        elfutils.dwfl_module_getelf(module, &bias);
        elfutils.dwfl_module_info(module, NULL, NULL, NULL, NULL, NULL, &path, NULL);
    }
    /* The address is that of the instruction in the innermost frame, where it returns to in the others. */
    seen->frames[seen->frame_count].offset = address - bias + (activation ? 1 : 0);
    snprintf(seen->frames[seen->frame_count].module, sizeof(seen->frames[0].module), "%s", path ? path : "");
    seen->frame_count++;
    return DWARF_CB_OK;
}

static void take_stack(pid_t pid, struct seen *seen)
{
    Dwfl *dwfl = elfutils_load() == 0 ? elfutils.dwfl_begin(&elfutils_process_files) : NULL;
    if (!dwfl)
        return;
    seen->frame_count = 0;
    if (elfutils.dwfl_linux_proc_report(dwfl, pid) == 0 && elfutils.dwfl_report_end(dwfl, NULL, NULL) == 0 &&
        elfutils.dwfl_linux_proc_attach(dwfl, pid, true) == 0)
        elfutils.dwfl_getthread_frames(dwfl, pid, add_frame, seen);
    elfutils.dwfl_end(dwfl);
}

/* Lets a stopped process go on. Returns nothing: it may be gone. */
static void go_on(pid_t pid, int status, struct seen *seen)
{
    int signal = WSTOPSIG(status);
    bool event = status >> 16;
    /* The stop at exec, and the one new processes begin with. */
    if (event || signal == SIGTRAP || signal == SIGSTOP)
        signal = 0;
    if (signal && is_fatal(signal) && !seen->crash_signal && !is_handled(pid, signal)) {
        seen->crash_signal = signal;
        take_stack(pid, seen);
    }
    ptrace(PTRACE_CONT, pid, NULL, signal);
}

bool crash_watch(pid_t command, struct patience *patience, int *ret_wait_status, struct seen *seen)
{
    const long options = PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
                         PTRACE_O_EXITKILL;
    const struct timespec pause = {.tv_nsec = 1000000};
    bool first = true;
    for (;;) {
        int status;
        pid_t pid = waitpid(-1, &status, WNOHANG | __WALL);
        if (pid < 0 && errno != EINTR)
            return true;
        if (pid > 0 && WIFSTOPPED(status)) {
            if (first)
                ptrace(PTRACE_SETOPTIONS, pid, NULL, options);
            first = false;
            go_on(pid, status, seen);
        } else if (pid == command) {
            *ret_wait_status = status;
            return true;
        }
        if (patience_ended(patience))
            return false;
        if (pid <= 0)
            nanosleep(&pause, NULL);
    }
}
