/* leaks_report.c - leaks in words; see leaks_report.h. */
#include "inspector/leaks_report.h"

#include "common/escape.h"
#include "common/units.h"
#include "inspector/finding.h"
#include "inspector/value_format.h"
#include "probes/kind.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <string.h>

extern const struct rule rule_orphan;

size_t leaks_report_count(const struct leaks_report *report)
{
    size_t count = report->processes.count;
    array_each(&report->objects, leaked) count += !leaked->doubtful;
    return count;
}

static void add_escaped(struct strbuf *text, const char *bytes)
{
    escape_bytes(text, bytes, strlen(bytes), NULL);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* "shmget in make_ring at ring.c:42 by process 17" */
static void describe_making(struct strbuf *text, const struct making *making)
{
    strbuf_add_string(text, making->call);
    if (making->function) {
        strbuf_add_string(text, " in ");
        add_escaped(text, making->function);
    }
    if (making->file || *making->module) {
        strbuf_add_string(text, " at ");
        add_escaped(text, base_name(making->file ? making->file : making->module));
    }
    if (making->file)
        strbuf_add_format(text, ":%d", making->line);
    else if (*making->module)
        strbuf_add_format(text, "+%#llx", (unsigned long long)making->offset);
    strbuf_add_format(text, " by process %d", making->pid);
}

static void describe_size(struct strbuf *text, const struct object *object)
{
    if (value_known(object->fields[FIELD_SIZE])) {
        value_format(text, object->fields[FIELD_SIZE], &(struct value_style){0});
        strbuf_add_char(text, ' ');
    }
    if (value_known(object->fields[FIELD_OWNER])) {
        strbuf_add_string(text, "of ");
        value_format(text, object->fields[FIELD_OWNER], &(struct value_style){0});
        strbuf_add_string(text, ": ");
    }
}

/* One line on an object: "64K of root: left behind; made by shmget in …". */
static void describe_object(struct strbuf *text, const struct leaks_report *report,
                            const struct leaked *leaked)
{
    const struct finding *finding =
        report->findings ? findings_by(report->findings, &rule_orphan, leaked->object) : NULL;
    size_t users = snapshot_users(report->snapshot, leaked->object, EDGE_ROLE_COUNT);
    describe_size(text, leaked->object);
    if (finding) {
        strbuf_add_format(text, "%s (%s)", finding->reason, confidence_name(finding->confidence));
        return;
    }
    strbuf_add_string(text, leaked->doubtful ? "appeared meanwhile, not made by the command as far as seen"
                                             : "left behind");
    if (users)
        strbuf_add_format(text, ", and still used by %zu %s", users, units_processes(users));
    if (!leaked->making.call)
        return;
    strbuf_add_string(text, "; made by ");
    describe_making(text, &leaked->making);
}

static void describe_holding(struct strbuf *text, const struct holding *holding)
{
    strbuf_add_string(text, holding->object->label);
    if (holding->fd >= 0)
        strbuf_add_format(text, " (descriptor %d)", holding->fd);
    else
        strbuf_add_format(text, " (%s)", edge_role_name(holding->role));
    if (!holding->inherited)
        return;
    strbuf_add_string(text, " inherited across exec from ");
    describe_making(text, &holding->making);
}

static void describe_process(struct strbuf *text, const struct left_process *process)
{
    add_escaped(text, process->comm);
    strbuf_add_string(text, ": still running");
    array_each(&process->holdings, holding)
    {
        strbuf_add_string(text, holding == process->holdings.items ? ", holds " : "; ");
        describe_holding(text, holding);
    }
}

/* The site of a leaked process is that of the first thing it should not have. */
static const struct making *making_of(const struct left_process *process)
{
    array_each(&process->holdings, holding) if (holding->inherited) return &holding->making;
    return NULL;
}

int leaks_report_each(const struct leaks_report *report, leak_write *write, void *argument)
{
    AUTO_STRBUF struct strbuf text = {0};
    array_each(&report->objects, leaked)
    {
        strbuf_clear(&text);
        describe_object(&text, report, leaked);
        write(argument, &(struct leak){.rule = leaked->doubtful ? "foreign-object" : "leaked-object",
                                       .name = leaked->object->label,
                                       .message = strbuf_text(&text),
                                       .doubtful = leaked->doubtful,
                                       .making = leaked->making.call ? &leaked->making : NULL});
    }
    array_each(&report->processes, process)
    {
        char name[32];
        strbuf_clear(&text);
        describe_process(&text, process);
        snprintf(name, sizeof(name), "process:%d", process->pid);
        write(argument, &(struct leak){.rule = "leaked-process",
                                       .name = name,
                                       .message = strbuf_text(&text),
                                       .making = making_of(process)});
    }
    return text.failed ? -ENOMEM : 0;
}

void leaks_report_free(struct leaks_report *report)
{
    array_each(&report->processes, process) array_free(&process->holdings);
    array_free(&report->processes);
    array_free(&report->objects);
    strbuf_free(&report->gaps);
    attribution_free(report->attribution);
}
