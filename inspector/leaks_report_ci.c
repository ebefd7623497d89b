/* leaks_report_ci.c - leaks for other tools: JUnit, SARIF 2.1.0, and commands in the log of GitHub Actions.
 */
#include "inspector/leaks_report.h"

#include "common/escape.h"
#include "common/json.h"
#include "common/sarif.h"
#include "common/strbuf.h"
#include "common/xml.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* These tools want paths as the repository has them, and that is where CI runs commands. */
static const char *path_from_here(const char *path)
{
    char here[PATH_MAX];
    size_t length = getcwd(here, sizeof(here)) ? strlen(here) : 0;
    bool below = length > 1 && strncmp(path, here, length) == 0 && path[length] == '/';
    return below ? path + length + 1 : path;
}

static void add_path(struct strbuf *text, const char *path)
{
    const char *shorter = path_from_here(path);
    escape_bytes(text, shorter, strlen(shorter), NULL);
}

static int stream_state(FILE *out)
{
    return fflush(out) != 0 || ferror(out) ? -EIO : 0;
}

static bool has_site(const struct leak *leak)
{
    return leak->making && leak->making->file;
}

/* --- JUnit --- */

static void add_case(void *context, const struct leak *leak)
{
    struct strbuf *xml = context;
    strbuf_add_string(xml, "  <testcase classname=\"shmoo.leaks\" name=\"");
    xml_add(xml, leak->name);
    if (has_site(leak)) {
        AUTO_STRBUF struct strbuf file = {0};
        add_path(&file, leak->making->file);
        strbuf_add_string(xml, "\" file=\"");
        xml_add(xml, strbuf_text(&file));
        strbuf_add_format(xml, "\" line=\"%d", leak->making->line);
        xml->failed |= file.failed;
    }
    if (leak->doubtful)
        strbuf_add_string(xml, "\"><skipped message=\"");
    else
        strbuf_add_format(xml, "\"><failure type=\"%s\" message=\"", leak->rule);
    xml_add(xml, leak->message);
    strbuf_add_string(xml, "\"/></testcase>\n");
}

int leaks_report_junit(const struct leaks_report *report, FILE *out)
{
    AUTO_STRBUF struct strbuf xml = {0};
    size_t told = report->objects.count + report->processes.count, leaks = leaks_report_count(report);
    strbuf_add_format(&xml,
                      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"shmoo leaks\" "
                      "tests=\"%zu\" failures=\"%zu\" skipped=\"%zu\">\n",
                      told ? told : 1, leaks, told - leaks);
    int r = leaks_report_each(report, add_case, &xml);
    if (!told)
        strbuf_add_string(&xml, "  <testcase classname=\"shmoo.leaks\" name=\"nothing is left behind\"/>\n");
    strbuf_add_string(&xml, "</testsuite>\n");
    if (r < 0 || xml.failed)
        return r < 0 ? r : -ENOMEM;
    fputs(strbuf_text(&xml), out);
    return stream_state(out);
}

/* --- SARIF --- */

struct sarif {
    struct json json;
    const char *command;
};

static void write_place(struct sarif *sarif, const struct leak *leak)
{
    bool known = has_site(leak);
    sarif_write_place(&sarif->json, path_from_here(known ? leak->making->file : sarif->command), NULL,
                      known ? leak->making->line : 0);
}

static void write_result(void *argument, const struct leak *leak)
{
    struct sarif *sarif = argument;
    struct json *json = &sarif->json;
    AUTO_STRBUF struct strbuf text = {0};
    strbuf_add_format(&text, "%s: %s", leak->name, leak->message);
    json->text.failed |= text.failed;
    json_line(json);
    json_open(json, NULL, '{');
    json_text(json, "ruleId", leak->rule);
    json_text(json, "level", leak->doubtful ? "note" : "error");
    json_open(json, "message", '{');
    json_text(json, "text", strbuf_text(&text));
    json_close(json, '{');
    json_open(json, "locations", '[');
    json_open(json, NULL, '{');
    write_place(sarif, leak);
    json_open(json, "logicalLocations", '[');
    json_open(json, NULL, '{');
    json_text(json, "fullyQualifiedName", leak->name);
    json_text(json, "kind", "resource");
    json_close(json, '{');
    json_close(json, '[');
    json_close(json, '{');
    json_close(json, '[');
    json_close(json, '{');
}

static const struct {
    const char *id, *text;
} sarif_rules[] = {
    {"leaked-object",  "an object that the command left behind"                    },
    {"leaked-process", "a process that the command left running"                   },
    {"foreign-object", "an object that appeared meanwhile, not made by the command"},
};

static void write_rules(struct json *json)
{
    json_open(json, "rules", '[');
    for (size_t i = 0; i < COUNT_OF(sarif_rules); i++) {
        json_open(json, NULL, '{');
        json_text(json, "id", sarif_rules[i].id);
        json_open(json, "shortDescription", '{');
        json_text(json, "text", sarif_rules[i].text);
        json_close(json, '{');
        json_close(json, '{');
    }
    json_close(json, '[');
}

int leaks_report_sarif(const struct leaks_report *report, FILE *out)
{
    struct sarif sarif = {.json = json_begin(out), .command = report->command};
    sarif_open(&sarif.json);
    write_rules(&sarif.json);
    sarif_close_driver(&sarif.json);
    json_open(&sarif.json, "results", '[');
    int r = leaks_report_each(report, write_result, &sarif);
    json_close(&sarif.json, '[');
    sarif_close(&sarif.json);
    int ended = json_end(&sarif.json);
    return r < 0 ? r : ended;
}

/* --- GitHub Actions --- */

/*
 * Harmless for a terminal already. A percent sign would start an escape of theirs; in properties, a colon or
 * comma would end the value.
 */
static void write_github(FILE *out, const char *text, const char *special)
{
    for (; *text; text++)
        if (strchr(special, *text))
            fprintf(out, "%%%02X", (unsigned char)*text);
        else
            fputc(*text, out);
}

static void write_annotation(void *out, const struct leak *leak)
{
    fputs(leak->doubtful ? "::notice " : "::error ", out);
    if (has_site(leak)) {
        AUTO_STRBUF struct strbuf file = {0};
        add_path(&file, leak->making->file);
        fputs("file=", out);
        write_github(out, strbuf_text(&file), "%:,");
        fprintf(out, ",line=%d,", leak->making->line);
    }
    fprintf(out, "title=%s::", leak->rule);
    write_github(out, leak->name, "%");
    fputc(' ', out);
    write_github(out, leak->message, "%");
    fputc('\n', out);
}

int leaks_report_annotations(const struct leaks_report *report, FILE *out)
{
    int r = leaks_report_each(report, write_annotation, out);
    return r < 0 ? r : stream_state(out);
}
