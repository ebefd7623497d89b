/* parse_process.c - stat, status, cgroup and links of /proc/PID; formats in proc(5). */
#include "common/array.h"
#include "common/scan.h"
#include "probes/parse.h"
#include "probes/process.h"

#include <limits.h>
#include <string.h>

/* PF_FORKNOEXEC in include/linux/sched.h, unchanged since 1.x: forked, and no program executed since. */
enum { FORKED_ONLY = 0x40 };

/* Fields after the command name, counted from the state as 3 (proc(5)). */
enum { STAT_PARENT = 4, STAT_FLAGS = 9, STAT_THREADS = 20, STAT_START = 22 };

bool parse_stat(const char *text, size_t length, struct process *ret_process, uint64_t *ret_start_ticks)
{
    /* The command may contain parentheses and newlines; the last ')' ends it. */
    const char *open = memchr(text, '(', length);
    const char *close = memrchr(text, ')', length);
    if (!open || !close || close < open)
        return false;
    struct scan rest = scan_bytes(close + 1, length - (size_t)(close + 1 - text));
    scan_blanks(&rest);
    char state = scan_peek(&rest);
    if (!state || !scan_char(&rest, state))
        return false;
    int64_t numbers[STAT_START + 1] = {0};
    for (int i = STAT_PARENT; i <= STAT_START; i++) {
        scan_blanks(&rest);
        if (!scan_signed(&rest, &numbers[i]))
            return false;
    }
    if (numbers[STAT_START] < 0)
        return false;
    ret_process->state = state;
    ret_process->parent = (pid_t)numbers[STAT_PARENT];
    ret_process->threads = (uint32_t)numbers[STAT_THREADS];
    ret_process->executed = !(numbers[STAT_FLAGS] & FORKED_ONLY);
    ret_process->comm = value_string(open + 1, (size_t)(close - open - 1));
    *ret_start_ticks = (uint64_t)numbers[STAT_START];
    return true;
}

char parse_task_state(unsigned state, unsigned exit_state)
{
    /* task_state_index(): the highest of these bits counts, the bits of an idle thread are two. */
    enum { REPORTED = 0x7f, UNINTERRUPTIBLE = 2, IDLE = 0x402, LOCK_WAIT = 0x1000, FROZEN = 0x8000 };
    static const char letters[] = "RSDTtXZP";
    unsigned bits = (state | exit_state) & REPORTED;
    if ((state & IDLE) == IDLE)
        return 'I';
    if (state & (LOCK_WAIT | FROZEN))
        bits = UNINTERRUPTIBLE;
    return letters[bits ? 32 - __builtin_clz(bits) : 0];
}

bool parse_number_after(const char *text, const char *name, unsigned base, uint64_t *ret_number)
{
    struct scan scan = scan_text(text), line;
    while (scan_line(&scan, &line)) {
        if (!scan_literal(&line, name) || !scan_char(&line, ':'))
            continue;
        scan_blanks(&line);
        if (base == 16)
            return scan_hex(&line, ret_number);
        return base == 8 ? scan_octal(&line, ret_number) : scan_decimal(&line, ret_number);
    }
    return false;
}

static bool parse_queued(const char *text, uint64_t *ret_queued, uint64_t *ret_limit)
{
    const char *at = strstr(text, "\nSigQ:");
    if (!at)
        return false;
    struct scan scan = scan_text(at + 6);
    scan_blanks(&scan);
    return scan_decimal(&scan, ret_queued) && scan_char(&scan, '/') && scan_decimal(&scan, ret_limit);
}

bool parse_signals(const char *text, struct signal_state *ret_signals)
{
    struct signal_state state;
    if (!parse_number_after(text, "SigPnd", 16, &state.pending) ||
        !parse_number_after(text, "ShdPnd", 16, &state.shared_pending) ||
        !parse_number_after(text, "SigBlk", 16, &state.blocked) ||
        !parse_number_after(text, "SigIgn", 16, &state.ignored) ||
        !parse_number_after(text, "SigCgt", 16, &state.caught) ||
        !parse_queued(text, &state.queued, &state.queue_limit))
        return false;
    *ret_signals = state;
    return true;
}

bool parse_bracketed(const char *link, uint64_t *ret_number)
{
    const char *bracket = strchr(link, '[');
    if (!bracket)
        return false;
    struct scan scan = scan_text(bracket + 1);
    uint64_t number;
    if (!scan_decimal(&scan, &number) || !scan_char(&scan, ']') || !scan_done(&scan))
        return false;
    *ret_number = number;
    return true;
}

static size_t hex_run(const char *at)
{
    return strspn(at, "0123456789abcdef");
}

/* Container managers name a cgroup after the 64 hex digits of the id; lxc and nspawn after the machine. */
bool parse_container(const char *text, const char **ret_id, size_t *ret_length)
{
    enum { ID_DIGITS = 64, SHORT_DIGITS = 12 };
    for (const char *at = text; *at; at += hex_run(at) ? hex_run(at) : 1) {
        if (hex_run(at) != ID_DIGITS)
            continue;
        *ret_id = at;
        *ret_length = SHORT_DIGITS;
        return true;
    }
    static const char *const folders[] = {"/lxc.payload.", "/lxc/", "/machine.slice/machine-"};
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        const char *at = strstr(text, folders[i]);
        if (!at)
            continue;
        at += strlen(folders[i]);
        *ret_id = at;
        *ret_length = strcspn(at, "/\n");
        return *ret_length > 0;
    }
    return false;
}
