/*
 * report_junit.c - JUnit XML, in the form that Jenkins and GitLab read: a test for each place, failed once
 * for each of its findings. What the baseline accepts counts as skipped.
 */
#include "common/strbuf.h"
#include "common/xml.h"
#include "inject/sweep/plot.h"
#include "inject/sweep/report.h"
#include "inject/sweep/result_json.h"
#include "inject/sweep/words.h"

#include <errno.h>
#include <string.h>

static void add_attribute(struct strbuf *xml, const char *name, const char *text)
{
    strbuf_add_format(xml, " %s=\"", name);
    xml_add(xml, text);
    strbuf_add_char(xml, '"');
}

static void add_seconds(struct strbuf *xml, uint64_t nanoseconds)
{
    strbuf_add_format(xml, " time=\"%llu.%03llu\"", (unsigned long long)(nanoseconds / 1000000000),
                      (unsigned long long)(nanoseconds / 1000000 % 1000));
}

static void add_element(struct strbuf *xml, const char *name, const char *bytes, size_t length)
{
    AUTO_STRBUF struct strbuf lines = {0};
    if (!bytes || !length)
        return;
    words_lines(&lines, bytes, length, "");
    strbuf_add_format(xml, "      <%s>", name);
    xml_add(xml, strbuf_text(&lines));
    strbuf_add_format(xml, "</%s>\n", name);
    xml->failed |= lines.failed;
}

/* What a reader of a failed test wants to know next. */
static void add_details(struct strbuf *text, const struct sweep_result *result,
                        const struct finding_cluster *finding)
{
    const struct outcome *outcome = finding_outcome(result, finding);
    words_fault(text, result, outcome);
    strbuf_add_string(text, "\n");
    if (outcome->left)
        words_lines(text, outcome->left, strlen(outcome->left), "left: ");
    for (uint32_t index = 0; index < outcome->frame_count; index++) {
        strbuf_add_string(text, "crashed in ");
        words_frame(text, &outcome->frames[index]);
        strbuf_add_char(text, '\n');
    }
    const struct site *site = outcome_site(result, outcome);
    for (uint32_t index = 0; site && index < site->frame_count; index++) {
        strbuf_add_string(text, "called in ");
        words_frame(text, &site->frames[index]);
        strbuf_add_char(text, '\n');
    }
    AUTO_STRBUF struct strbuf replay = {0};
    result_add_replay(&replay, result, finding->id);
    words_add(text, strbuf_text(&replay));
    if (outcome->rule) {
        strbuf_add_string(text, "\nrule: ");
        words_add(text, outcome->rule);
    }
    strbuf_add_char(text, '\n');
    text->failed |= replay.failed;
}

static void start_case(struct strbuf *xml, const struct sweep_result *result, const struct outcome *outcome,
                       const char *suffix, uint64_t duration)
{
    AUTO_STRBUF struct strbuf name = {0};
    words_place(&name, result, outcome);
    if (suffix)
        strbuf_add_format(&name, ": %s", suffix);
    strbuf_add_string(xml, "    <testcase classname=\"shmoo.sweep\"");
    add_attribute(xml, "name", strbuf_text(&name));
    const struct frame *caller = words_caller(result, outcome);
    if (caller && caller->file) {
        strbuf_clear(&name);
        words_add(&name, caller->file);
        add_attribute(xml, "file", strbuf_text(&name));
        if (caller->line)
            strbuf_add_format(xml, " line=\"%d\"", caller->line);
    }
    add_seconds(xml, duration);
    xml->failed |= name.failed;
}

static void add_failure(struct strbuf *xml, const struct sweep_result *result,
                        const struct finding_cluster *finding)
{
    const struct outcome *outcome = finding_outcome(result, finding);
    AUTO_STRBUF struct strbuf message = {0}, details = {0};
    start_case(xml, result, outcome, verdicts[outcome->verdict].name, outcome->duration);
    strbuf_add_string(xml, ">\n");
    words_add(&message, outcome->reason);
    add_details(&details, result, finding);
    if (finding->accepted) {
        strbuf_add_string(xml, "      <skipped message=\"accepted by the baseline\"/>\n");
    } else {
        strbuf_add_string(xml, "      <failure");
        add_attribute(xml, "type", verdicts[outcome->verdict].name);
        add_attribute(xml, "message", strbuf_text(&message));
        strbuf_add_char(xml, '>');
        xml_add(xml, strbuf_text(&details));
        strbuf_add_string(xml, "</failure>\n");
    }
    add_element(xml, "system-out", outcome->out, outcome->out_length);
    add_element(xml, "system-err", outcome->err, outcome->err_length);
    strbuf_add_string(xml, "    </testcase>\n");
    xml->failed |= message.failed || details.failed;
}

static bool is_sound(const struct plot *plot, size_t row)
{
    for (size_t column = 0; column < plot->columns.count; column++) {
        uint8_t cell = plot_cell(plot, row, column);
        if (cell && verdicts[cell - 1].finding)
            return false;
    }
    return true;
}

static size_t add_cases(struct strbuf *xml, const struct sweep_result *result, const struct plot *plot)
{
    size_t count = result->findings.count;
    array_each(&result->findings, finding) add_failure(xml, result, finding);
    for (size_t row = 0; row < plot->rows.count; row++) {
        if (!is_sound(plot, row))
            continue;
        const struct plot_row *place = &plot->rows.items[row];
        const struct outcome outcome = {
            .trial = {.site = place->site, .setting = place->setting}
        };
        start_case(xml, result, &outcome, NULL, 0);
        strbuf_add_string(xml, "/>\n");
        count++;
    }
    return count;
}

static void add_totals(struct strbuf *xml, const struct sweep_result *result, size_t tests)
{
    size_t accepted = 0;
    uint64_t duration = 0;
    array_each(&result->findings, finding) accepted += finding->accepted;
    array_each(&result->outcomes, outcome) duration += outcome->duration;
    strbuf_add_format(xml, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\"", tests,
                      result->findings.count - accepted, accepted);
    add_seconds(xml, duration);
}

static int write(const struct sweep_result *result, const struct report_view *view, FILE *out)
{
    (void)view;
    AUTO_STRBUF struct strbuf cases = {0}, head = {0}, command = {0};
    struct plot plot = {0};
    int r = plot_make(result, &plot);
    if (r < 0)
        return r;
    size_t tests = add_cases(&cases, result, &plot);
    plot_free(&plot);
    words_command(&command, result);
    strbuf_add_string(&head, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    add_totals(&head, result, tests);
    strbuf_add_string(&head, ">\n  <testsuite");
    add_attribute(&head, "name", strbuf_text(&command));
    add_totals(&head, result, tests);
    strbuf_add_string(&head, ">\n");
    if (head.failed || cases.failed || command.failed)
        return -ENOMEM;
    fputs(strbuf_text(&head), out);
    fputs(strbuf_text(&cases), out);
    fputs("  </testsuite>\n</testsuites>\n", out);
    return ferror(out) ? -EIO : 0;
}

const struct report report_junit = {.name = "junit", .write = write};
