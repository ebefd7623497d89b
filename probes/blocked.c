/* blocked.c - see blocked.h; the format of /proc/PID/syscall is in proc(5). */
#include "probes/blocked.h"

#include "common/array.h"
#include "common/scan.h"

#include <sys/syscall.h>

/* Some machines lack older calls; there the number is one no thread can be in. */
enum { NO_SUCH_CALL = -2 };
#ifndef SYS_open
#define SYS_open NO_SUCH_CALL
#endif
#ifndef SYS_semop
#define SYS_semop NO_SUCH_CALL
#endif
#ifndef SYS_accept
#define SYS_accept NO_SUCH_CALL
#endif

#ifndef SYS_futex_waitv
#define SYS_futex_waitv NO_SUCH_CALL
#endif
#ifndef SYS_poll
#define SYS_poll NO_SUCH_CALL
#endif
#ifndef SYS_select
#define SYS_select NO_SUCH_CALL
#endif
#ifndef SYS_epoll_wait
#define SYS_epoll_wait NO_SUCH_CALL
#endif

static const struct wait_call calls[] = {
#define BLOCKED(call, target)                       {SYS_##call, #call, target, -1, false, 0},
#define BLOCKED_TIMED(call, target, timeout)        {SYS_##call, #call, target, timeout, false, 0},
#define BLOCKED_MILLISECONDS(call, target, timeout) {SYS_##call, #call, target, timeout, true, 0},
#define BLOCKED_TRANSFER(call, output)              {SYS_##call, #call, WAIT_TRANSFER, -1, false, output},
#include "probes/blocked.def"
#undef BLOCKED
#undef BLOCKED_TIMED
#undef BLOCKED_MILLISECONDS
#undef BLOCKED_TRANSFER
};

static const struct wait_call *find_call(int64_t number)
{
    for (size_t i = 0; i < COUNT_OF(calls); i++)
        if (calls[i].number == number)
            return &calls[i];
    return NULL;
}

bool blocked_call(long number)
{
    return find_call(number) != NULL;
}

bool blocked_parse(const char *text, struct wait *ret_wait)
{
    struct scan scan = scan_text(text);
    int64_t number;
    if (!scan_signed(&scan, &number) || number < 0)
        return false;
    struct wait wait = {.call = find_call(number)};
    if (!wait.call)
        return false;
    for (size_t i = 0; i < COUNT_OF(wait.arguments); i++) {
        scan_blanks(&scan);
        if (!scan_literal(&scan, "0x") || !scan_hex(&scan, &wait.arguments[i]))
            return false;
    }
    *ret_wait = wait;
    return true;
}
