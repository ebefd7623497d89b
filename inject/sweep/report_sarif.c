/*
 * report_sarif.c - SARIF 2.1.0 (OASIS), for code review: a result for each finding, at the line that makes
 * the call. Verdicts are its rules; what the baseline accepts is suppressed.
 */
#include "common/json.h"
#include "common/sarif.h"
#include "common/strbuf.h"
#include "inject/sweep/baseline.h"
#include "inject/sweep/report.h"
#include "inject/sweep/result_json.h"
#include "inject/sweep/words.h"

#include <string.h>

static void write_text_object(struct json *json, const char *key, const char *text)
{
    json_open(json, key, '{');
    json_text(json, "text", text);
    json_close(json, '{');
}

static void write_rules(struct json *json)
{
    json_open(json, "rules", '[');
    for (unsigned verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        json_line(json);
        json_open(json, NULL, '{');
        json_text(json, "id", verdicts[verdict].name);
        write_text_object(json, "shortDescription", verdicts[verdict].text);
        json_close(json, '{');
    }
    json_close(json, '[');
}

static void write_location_members(struct json *json, const struct report_view *view,
                                   const struct frame *frame)
{
    if (frame->file)
        sarif_write_place(json, frame->file, view->root, frame->line);
    AUTO_STRBUF struct strbuf words = {0};
    words_frame(&words, frame);
    json_open(json, "logicalLocations", '[');
    json_open(json, NULL, '{');
    json_text(json, "fullyQualifiedName", strbuf_text(&words));
    json_text(json, "kind", "function");
    json_close(json, '{');
    json_close(json, '[');
    json->text.failed |= words.failed;
}

static void write_stack(struct json *json, const struct report_view *view, const char *message,
                        const struct frame *frames, uint32_t count)
{
    if (!count)
        return;
    json_open(json, NULL, '{');
    write_text_object(json, "message", message);
    json_open(json, "frames", '[');
    for (const struct frame *frame = frames; frame < frames + count; frame++) {
        json_open(json, NULL, '{');
        json_open(json, "location", '{');
        write_location_members(json, view, frame);
        json_close(json, '{');
        if (frame->module)
            json_bytes(json, "module", frame->module, strlen(frame->module));
        json_close(json, '{');
    }
    json_close(json, '[');
    json_close(json, '{');
}

static void write_stacks(struct json *json, const struct sweep_result *result, const struct report_view *view,
                         const struct outcome *outcome)
{
    const struct site *site = outcome_site(result, outcome);
    if (!outcome->frame_count && !(site && site->frame_count))
        return;
    json_open(json, "stacks", '[');
    write_stack(json, view, "where it crashed", outcome->frames, outcome->frame_count);
    if (site)
        write_stack(json, view, "where the call is made", site->frames, site->frame_count);
    json_close(json, '[');
}

static void write_message(struct json *json, const struct sweep_result *result,
                          const struct finding_cluster *finding)
{
    const struct outcome *outcome = finding_outcome(result, finding);
    AUTO_STRBUF struct strbuf text = {0};
    words_fault(&text, result, outcome);
    strbuf_add_format(&text, ": %s, ", verdicts[outcome->verdict].name);
    words_add(&text, outcome->reason);
    write_text_object(json, "message", strbuf_text(&text));
    json->text.failed |= text.failed;
}

static void write_properties(struct json *json, const struct sweep_result *result,
                             const struct finding_cluster *finding)
{
    const struct outcome *outcome = finding_outcome(result, finding);
    AUTO_STRBUF struct strbuf replay = {0};
    result_add_replay(&replay, result, finding->id);
    json_open(json, "properties", '{');
    json_number(json, "id", finding->id);
    json_bytes(json, "replay", strbuf_text(&replay), replay.length);
    if (outcome->rule)
        json_bytes(json, "rule", outcome->rule, strlen(outcome->rule));
    json_close(json, '{');
    json->text.failed |= replay.failed;
}

static void write_suppression(struct json *json)
{
    json_open(json, "suppressions", '[');
    json_open(json, NULL, '{');
    json_text(json, "kind", "external");
    json_close(json, '{');
    json_close(json, '[');
}

static void write_finding(struct json *json, const struct sweep_result *result,
                          const struct report_view *view, const struct finding_cluster *finding)
{
    const struct outcome *outcome = finding_outcome(result, finding);
    const struct frame *caller = words_caller(result, outcome);
    json_line(json);
    json_open(json, NULL, '{');
    json_text(json, "ruleId", verdicts[outcome->verdict].name);
    json_number(json, "ruleIndex", outcome->verdict);
    json_text(json, "level", outcome->verdict >= VERDICT_leak ? "error" : "warning");
    write_message(json, result, finding);
    json_open(json, "locations", '[');
    json_open(json, NULL, '{');
    if (!caller || !caller->file)
        sarif_write_place(json, result->command[0], view->root, 0);
    if (caller)
        write_location_members(json, view, caller);
    json_close(json, '{');
    json_close(json, '[');
    write_stacks(json, result, view, outcome);
    json_open(json, "partialFingerprints", '{');
    json_digits(json, "shmooCause/v1", "", baseline_fingerprint(result, outcome), 16, 16);
    json_close(json, '{');
    if (finding->accepted)
        write_suppression(json);
    write_properties(json, result, finding);
    json_close(json, '{');
}

static void write_invocation(struct json *json, const struct sweep_result *result)
{
    AUTO_STRBUF struct strbuf command = {0};
    words_command(&command, result);
    json_open(json, "invocations", '[');
    json_open(json, NULL, '{');
    json_text(json, "commandLine", strbuf_text(&command));
    json_bool(json, "executionSuccessful", result->complete);
    json_open(json, "toolExecutionNotifications", '[');
    array_each(&result->notes, note)
    {
        AUTO_STRBUF struct strbuf words = {0};
        words_add(&words, *note);
        json_open(json, NULL, '{');
        json_text(json, "level", "note");
        write_text_object(json, "message", strbuf_text(&words));
        json_close(json, '{');
        json->text.failed |= words.failed;
    }
    json_close(json, '[');
    json_close(json, '{');
    json_close(json, '[');
    json->text.failed |= command.failed;
}

static int write(const struct sweep_result *result, const struct report_view *view, FILE *out)
{
    struct json json = json_begin(out);
    sarif_open(&json);
    write_rules(&json);
    sarif_close_driver(&json);
    write_invocation(&json, result);
    json_text(&json, "columnKind", "utf16CodeUnits");
    json_open(&json, "results", '[');
    array_each(&result->findings, finding) write_finding(&json, result, view, finding);
    json_close(&json, '[');
    sarif_close(&json);
    return json_end(&json);
}

const struct report report_sarif = {.name = "sarif", .write = write};
