/*
 * waits_sample.c - see waits_sample.h. A thread that is still in the same call may have left it and come
 * back; that it has not been switched to since says that it has not.
 */
#include "inspector/waits_sample.h"

#include "common/scan.h"
#include "common/strbuf.h"
#include "probes/kernel.h"
#include "probes/parse.h"

#include <errno.h>
#include <string.h>

/* Voluntary and involuntary switches, plus one: it differs from 0, which is "not known". */
static uint64_t runs_of(struct kernel *kernel, pid_t pid, pid_t tid)
{
    AUTO_STRBUF struct strbuf text = {0};
    uint64_t voluntary, involuntary;
    if (kernel_read_thread(kernel, pid, tid, "status", &text) < 0 ||
        !parse_number_after(strbuf_text(&text), "voluntary_ctxt_switches", 10, &voluntary) ||
        !parse_number_after(strbuf_text(&text), "nonvoluntary_ctxt_switches", 10, &involuntary))
        return 0;
    return voluntary + involuntary + 1;
}

/* When the thread last ran: "se.exec_start : 5654873.522089", milliseconds since boot. */
static uint64_t last_run(struct kernel *kernel, pid_t pid, pid_t tid, uint64_t boot)
{
    AUTO_STRBUF struct strbuf text = {0};
    struct scan line;
    uint64_t milliseconds;
    if (kernel_read_thread(kernel, pid, tid, "sched", &text) < 0)
        return 0;
    struct scan scan = scan_bytes(strbuf_text(&text), text.length);
    while (scan_line(&scan, &line)) {
        if (!scan_literal(&line, "se.exec_start"))
            continue;
        scan_blanks(&line);
        if (!scan_char(&line, ':'))
            return 0;
        scan_blanks(&line);
        return scan_decimal(&line, &milliseconds) ? boot + milliseconds * UINT64_C(1000000) : 0;
    }
    return 0;
}

int waits_mark(struct kernel *kernel, struct waits *waits, wait_marks *ret_marks)
{
    struct kernel_clock clock = {0};
    wait_marks marks = {0};
    kernel->ops->clock(kernel, &clock);
    array_each(&waits->all, waiting)
    {
        pid_t pid = waiting->process->pid, tid = waiting->edge->tid;
        struct wait_mark *mark = array_push(&marks);
        if (!mark) {
            array_free(&marks);
            return -ENOMEM;
        }
        *mark = (struct wait_mark){.pid = pid,
                                   .tid = tid,
                                   .start = waiting->process->start,
                                   .label = waiting->object->label,
                                   .runs = tid ? runs_of(kernel, pid, tid) : 0};
        waiting->since = tid ? last_run(kernel, pid, tid, clock.boot) : 0;
        /* The two clocks are not exactly the same. */
        if (waiting->since && waiting->since < waiting->process->start)
            waiting->since = waiting->process->start;
    }
    *ret_marks = marks;
    return 0;
}

static const struct wait_mark *find_mark(const wait_marks *marks, const struct waiting *waiting)
{
    array_each(marks, mark)
    {
        if (mark->pid == waiting->process->pid && mark->tid == waiting->edge->tid &&
            mark->start == waiting->process->start && strcmp(mark->label, waiting->object->label) == 0)
            return mark;
    }
    return NULL;
}

bool wait_has_stayed(const wait_marks *before, const wait_marks *now, const struct waiting *waiting)
{
    const struct wait_mark *first = find_mark(before, waiting), *second = find_mark(now, waiting);
    return first && second && first->runs == second->runs;
}
