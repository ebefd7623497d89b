/* leaks_report_json.c - leaks as JSON; see leaks_report.h and shmoo-json(5). */
#include "inspector/finding.h"
#include "inspector/json_parts.h"
#include "inspector/leaks_group.h"
#include "inspector/leaks_report.h"
#include "probes/edge.h"
#include "probes/kind.h"
#include "probes/snapshot.h"

#include <string.h>

extern const struct rule rule_orphan;

static void json_raw(struct json *json, const char *key, const char *bytes)
{
    if (bytes)
        json_bytes(json, key, bytes, strlen(bytes));
}

static void json_making(struct json *json, const struct making *making)
{
    json_open(json, "created_by", '{');
    json_number(json, "pid", (uint64_t)making->pid);
    json_text(json, "call", making->call);
    json_raw(json, "function", making->function);
    json_raw(json, "file", making->file);
    if (making->file)
        json_number(json, "line", (uint64_t)making->line);
    if (*making->module) {
        json_raw(json, "module", making->module);
        json_number(json, "offset", making->offset);
    }
    json_close(json, '{');
}

/* Where no call was seen, the kernel may still remember a pid. */
static void json_creator(struct json *json, const struct leaked *leaked)
{
    struct value pid = leaked->object->fields[FIELD_CPID];
    if (leaked->making.call) {
        json_making(json, &leaked->making);
    } else if (pid.type == VALUE_PID && pid.number) {
        json_open(json, "created_by", '{');
        json_number(json, "pid", pid.number);
        json_close(json, '{');
    }
}

static void json_finding(struct json *json, const struct finding *finding)
{
    json_text(json, "confidence", confidence_name(finding->confidence));
    json_text(json, "reason", finding->reason);
    if (finding->confirm)
        json_text(json, "confirm", finding->confirm);
}

static void json_leaked(struct json *json, const struct leaks_report *report, const struct leaked *leaked,
                        const struct json_processes *processes)
{
    const struct object *object = leaked->object;
    const struct finding *finding =
        report->findings ? findings_by(report->findings, &rule_orphan, object) : NULL;
    json_line(json);
    json_open(json, NULL, '{');
    json_object_members(json, object);
    json_users(json, report->snapshot, object, processes);
    json_creator(json, leaked);
    if (report->findings)
        json_raw(json, "program", leaks_group_program(report->snapshot, object));
    if (finding)
        json_finding(json, finding);
    else
        json_text(json, "confidence", leaked->doubtful ? "hint" : "certain");
    json_close(json, '{');
}

static void json_holding(struct json *json, const struct holding *holding)
{
    json_open(json, NULL, '{');
    json_text(json, "object", holding->object->label);
    json_text(json, "role", edge_role_name(holding->role));
    if (holding->fd >= 0)
        json_number(json, "fd", (uint64_t)holding->fd);
    json_bool(json, "inherited", holding->inherited);
    if (holding->inherited)
        json_making(json, &holding->making);
    json_close(json, '{');
}

static void json_left(struct json *json, const struct leaks_report *report)
{
    json_line(json);
    json_open(json, "processes", '[');
    array_each(&report->processes, process)
    {
        json_line(json);
        json_open(json, NULL, '{');
        json_number(json, "pid", (uint64_t)process->pid);
        json_raw(json, "comm", process->comm);
        json_open(json, "holds", '[');
        array_each(&process->holdings, holding) json_holding(json, holding);
        json_close(json, '[');
        json_close(json, '{');
    }
    json_close(json, '[');
    json_line(json);
    json_open(json, "attribution", '{');
    json_bool(json, "possible", report->attribution);
    json_raw(json, "reason", report->unattributed);
    if (report->gaps.length)
        json_text(json, "gaps", strbuf_text(&report->gaps));
    json_close(json, '{');
    json_text(json, "namespaces", report->shared ? "shared" : "own");
}

int leaks_report_json(const struct leaks_report *report, FILE *out)
{
    struct json json = json_begin(out);
    struct json_processes processes;
    json.text.failed |= json_processes_write(&processes, report->snapshot) < 0;
    json_open(&json, NULL, '{');
    json_number(&json, "schema", 1);
    json_open(&json, "objects", '[');
    array_each(&report->objects, leaked)
    {
        if (!json.text.failed)
            json_leaked(&json, report, leaked, &processes);
    }
    json_close(&json, '[');
    if (report->command)
        json_left(&json, report);
    else
        leaks_group_json(report, &json);
    json_line(&json);
    json_coverage(&json, report->snapshot);
    json_close(&json, '{');
    json_processes_free(&processes);
    return json_end(&json);
}
