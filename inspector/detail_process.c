/* detail_process.c - the lines of a process: who it is, what it holds and waits for, and how much that is. */
#include "common/strbuf.h"
#include "inspector/detail_text.h"
#include "inspector/process_use.h"

#include <errno.h>

static void add_number(struct detail *detail, const char *label, uint64_t number)
{
    AUTO_STRBUF struct strbuf text = {0};
    if (!number)
        return;
    detail_add_value(&text, NULL, value_of(VALUE_NUMBER, number));
    detail_line(detail, label, &text);
}

static void add_value(struct detail *detail, const struct snapshot *snapshot, const char *label,
                      struct value value)
{
    AUTO_STRBUF struct strbuf text = {0};
    if (!value_known(value))
        return;
    detail_add_value(&text, snapshot, value);
    detail_line(detail, label, &text);
}

static void add_identity(struct detail *detail, const struct snapshot *snapshot,
                         const struct process *process)
{
    AUTO_STRBUF struct strbuf text = {0};
    detail_add_command(&text, process);
    detail_line(detail, "Command", &text);
    add_value(detail, snapshot, "Name", process->comm);
    add_value(detail, snapshot, "User", value_of(VALUE_USER, process->uid));
    add_number(detail, "Parent", (uint64_t)process->parent);
    add_number(detail, "Threads", process->threads);
    add_value(detail, snapshot, "Started", value_of(VALUE_TIME, process->start));
    add_value(detail, snapshot, "Container", process->container);
    add_number(detail, "IPC namespace", process->ipc_namespace);
    add_number(detail, "Mount namespace", process->mount_namespace);
    add_number(detail, "PID namespace", process->pid_namespace);
}

static void add_objects(struct detail *detail, const struct snapshot *snapshot, const struct process *process)
{
    AUTO_STRBUF struct strbuf text = {0};
    const struct edge *edge;
    uint32_t last = UINT32_MAX;
    detail_heading(detail, "Uses");
    for (size_t at = 0; (edge = process_next_edge(snapshot, process, &at));) {
        if (edge->object != last) {
            detail_add_value(&text, snapshot, value_word(snapshot->objects[edge->object]->label));
            detail_line(detail, "Object", &text);
        }
        last = edge->object;
        detail_add_edge(&text, edge);
        detail_line(detail, "", &text);
    }
}

static void add_totals(struct detail *detail, const struct snapshot *snapshot, const struct process *process)
{
    AUTO_STRBUF struct strbuf text = {0};
    struct process_use use = process_use(snapshot, process);
    strbuf_add_format(&text, "%zu", use.objects);
    detail_line(detail, "Objects", &text);
    detail_add_value(&text, snapshot, value_of(VALUE_BYTES, use.mapped));
    detail_line(detail, "Mapped", &text);
    if (!use.by_role[EDGE_WAITING])
        return;
    strbuf_add_format(&text, "%zu", use.by_role[EDGE_WAITING]);
    detail_line(detail, "Waiting", &text);
}

int detail_add_process(struct detail *detail, const struct snapshot *snapshot, const struct process *process)
{
    AUTO_STRBUF struct strbuf heading = {0};
    strbuf_add_format(&heading, "process %d", process->pid);
    detail_line(detail, NULL, &heading);
    add_identity(detail, snapshot, process);
    add_totals(detail, snapshot, process);
    add_objects(detail, snapshot, process);
    return detail->failed ? -ENOMEM : 0;
}
