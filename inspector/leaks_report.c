/* leaks_report.c - see leaks_report.h. */
#include "inspector/leaks_report.h"

#include "common/escape.h"
#include "common/strbuf.h"
#include "inspector/finding.h"
#include "inspector/ids.h"
#include "inspector/json_parts.h"
#include "inspector/value_format.h"
#include "probes/kind.h"

#include <errno.h>
#include <string.h>

extern const struct rule rule_orphan;

bool leaks_report_is_empty(const struct leaks_report *report)
{
    return !report->objects.count && !report->processes.count;
}

static const struct finding *finding_of(const struct leaks_report *report, const struct object *object)
{
    return report->findings ? findings_by(report->findings, &rule_orphan, object) : NULL;
}

/* One line on an object, harmless for a terminal: "64K of root: nobody is attached …". */
static void describe_object(struct strbuf *text, const struct leaks_report *report,
                            const struct object *object)
{
    const struct finding *finding = finding_of(report, object);
    size_t users = snapshot_users(report->snapshot, object, EDGE_ROLE_COUNT);
    if (value_known(object->fields[FIELD_SIZE])) {
        value_format(text, object->fields[FIELD_SIZE], &(struct value_style){0});
        strbuf_add_char(text, ' ');
    }
    if (value_known(object->fields[FIELD_OWNER])) {
        strbuf_add_string(text, "of ");
        value_format(text, object->fields[FIELD_OWNER], &(struct value_style){0});
        strbuf_add_string(text, ": ");
    }
    if (finding)
        strbuf_add_format(text, "%s (%s)", finding->reason, confidence_name(finding->confidence));
    else if (users)
        strbuf_add_format(text, "left behind, and still used by %zu process%s", users,
                          users == 1 ? "" : "es");
    else
        strbuf_add_string(text, "left behind");
}

static void describe_process(struct strbuf *text, const struct left_process *process)
{
    escape_bytes(text, process->comm, strlen(process->comm), NULL);
    strbuf_add_string(text, ": still running");
}

/* Calls `write` with what leaked, its rule and what is said of it. */
static int each_leak(const struct leaks_report *report,
                     void (*write)(void *argument, const char *rule, const char *name, const char *message),
                     void *argument)
{
    AUTO_STRBUF struct strbuf text = {0};
    array_each(&report->objects, object)
    {
        strbuf_clear(&text);
        describe_object(&text, report, *object);
        write(argument, "leaked-object", (*object)->label, strbuf_text(&text));
    }
    array_each(&report->processes, process)
    {
        char name[32];
        strbuf_clear(&text);
        describe_process(&text, process);
        snprintf(name, sizeof(name), "process:%d", process->pid);
        write(argument, "leaked-process", name, strbuf_text(&text));
    }
    return text.failed ? -ENOMEM : 0;
}

static int stream_state(FILE *out)
{
    return fflush(out) != 0 || ferror(out) ? -EIO : 0;
}

static void write_line(void *out, const char *rule, const char *name, const char *message)
{
    (void)rule;
    fprintf(out, "%s %s\n", name, message);
}

int leaks_report_text(const struct leaks_report *report, FILE *out)
{
    int r = each_leak(report, write_line, out);
    return r < 0 ? r : stream_state(out);
}

static void json_object(struct json *json, const struct leaks_report *report, const struct object *object,
                        const struct json_processes *processes)
{
    const struct finding *finding = finding_of(report, object);
    json_line(json);
    json_open(json, NULL, '{');
    json_text(json, "kind", object->kind->name);
    json_text(json, "object", object->label);
    for (size_t i = 0; i < FIELD_COUNT; i++)
        json_value(json, field_info[i].name, object->fields[i]);
    json_users(json, report->snapshot, object, processes);
    if (object->fields[FIELD_CPID].type == VALUE_PID && object->fields[FIELD_CPID].number) {
        json_open(json, "created_by", '{');
        json_number(json, "pid", object->fields[FIELD_CPID].number);
        json_close(json, '{');
    }
    if (finding) {
        json_text(json, "confidence", confidence_name(finding->confidence));
        json_text(json, "reason", finding->reason);
        if (finding->confirm)
            json_text(json, "confirm", finding->confirm);
    }
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
        json_bytes(json, "comm", process->comm, strlen(process->comm));
        json_close(json, '{');
    }
    json_close(json, '[');
}

int leaks_report_json(const struct leaks_report *report, FILE *out)
{
    struct json json = json_begin(out);
    struct json_processes processes;
    json.text.failed |= json_processes_write(&processes, report->snapshot) < 0;
    json_open(&json, NULL, '{');
    json_number(&json, "schema", 1);
    json_open(&json, "objects", '[');
    array_each(&report->objects, object)
    {
        if (!json.text.failed)
            json_object(&json, report, *object, &processes);
    }
    json_close(&json, '[');
    if (report->command)
        json_left(&json, report);
    json_line(&json);
    json_coverage(&json, report->snapshot);
    json_close(&json, '{');
    json_processes_free(&processes);
    return json_end(&json);
}

/* What escape_bytes() leaves is valid UTF-8 without controls; XML has five characters of its own. */
static void write_xml(FILE *out, const char *text)
{
    static const char special[] = "<>&\"'";
    static const char *const names[] = {"&lt;", "&gt;", "&amp;", "&quot;", "&apos;"};
    for (; *text; text++) {
        const char *found = strchr(special, *text);
        if (found)
            fputs(names[found - special], out);
        else
            fputc(*text, out);
    }
}

static void write_failure(void *out, const char *rule, const char *name, const char *message)
{
    fprintf(out, "  <testcase classname=\"shmoo.leaks\" name=\"");
    write_xml(out, name);
    fprintf(out, "\"><failure type=\"%s\" message=\"", rule);
    write_xml(out, message);
    fputs("\"/></testcase>\n", out);
}

int leaks_report_junit(const struct leaks_report *report, FILE *out)
{
    size_t leaks = report->objects.count + report->processes.count;
    fprintf(out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"shmoo leaks\" tests=\"%zu\" "
            "failures=\"%zu\">\n",
            leaks ? leaks : 1, leaks);
    int r = each_leak(report, write_failure, out);
    if (!leaks)
        fputs("  <testcase classname=\"shmoo.leaks\" name=\"nothing is left behind\"/>\n", out);
    fputs("</testsuite>\n", out);
    return r < 0 ? r : stream_state(out);
}

static void write_result(void *argument, const char *rule, const char *name, const char *message)
{
    struct json *json = argument;
    AUTO_STRBUF struct strbuf text = {0};
    strbuf_add_format(&text, "%s: %s", name, message);
    json->text.failed |= text.failed;
    json_line(json);
    json_open(json, NULL, '{');
    json_text(json, "ruleId", rule);
    json_text(json, "level", "error");
    json_open(json, "message", '{');
    json_text(json, "text", strbuf_text(&text));
    json_close(json, '{');
    json_open(json, "locations", '[');
    json_open(json, NULL, '{');
    json_open(json, "logicalLocations", '[');
    json_open(json, NULL, '{');
    json_text(json, "fullyQualifiedName", name);
    json_text(json, "kind", "resource");
    json_close(json, '{');
    json_close(json, '[');
    json_close(json, '{');
    json_close(json, '[');
    json_close(json, '{');
}

int leaks_report_sarif(const struct leaks_report *report, FILE *out)
{
    static const char *const ids[] = {"leaked-object", "leaked-process"};
    struct json json = json_begin(out);
    json_open(&json, NULL, '{');
    json_text(&json, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json_text(&json, "version", "2.1.0");
    json_open(&json, "runs", '[');
    json_open(&json, NULL, '{');
    json_open(&json, "tool", '{');
    json_open(&json, "driver", '{');
    json_text(&json, "name", "shmoo");
    json_text(&json, "version", SHMOO_VERSION);
    json_open(&json, "rules", '[');
    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        json_open(&json, NULL, '{');
        json_text(&json, "id", ids[i]);
        json_close(&json, '{');
    }
    json_close(&json, '[');
    json_close(&json, '{');
    json_close(&json, '{');
    json_open(&json, "results", '[');
    int r = each_leak(report, write_result, &json);
    json_close(&json, '[');
    json_close(&json, '{');
    json_close(&json, '[');
    json_close(&json, '{');
    int ended = json_end(&json);
    return r < 0 ? r : ended;
}

/* A percent sign would start an escape of theirs; line ends are escaped already. */
static void write_annotation(void *out, const char *rule, const char *name, const char *message)
{
    fprintf(out, "::error title=%s::", rule);
    for (const char *part = name; part; part = part == name ? message : NULL) {
        if (part == message)
            fputc(' ', out);
        for (const char *at = part; *at; at++)
            if (*at == '%')
                fputs("%25", out);
            else
                fputc(*at, out);
    }
    fputc('\n', out);
}

int leaks_report_annotations(const struct leaks_report *report, FILE *out)
{
    int r = each_leak(report, write_annotation, out);
    return r < 0 ? r : stream_state(out);
}
