/* leaks_report_ci.c - leaks for other tools: JUnit, SARIF 2.1.0, and commands in the log of GitHub Actions.
 */
#include "inspector/leaks_report.h"

#include "common/escape.h"
#include "common/json.h"

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

static int stream_state(FILE *out)
{
    return fflush(out) != 0 || ferror(out) ? -EIO : 0;
}

static bool has_site(const struct leak *leak)
{
    return leak->making && leak->making->file;
}

/* --- JUnit --- */

/* What escape_bytes() leaves is valid UTF-8 without controls; XML has five characters of its own. */
static void write_xml(FILE *out, const char *bytes)
{
    static const char special[] = "<>&\"'";
    static const char *const names[] = {"&lt;", "&gt;", "&amp;", "&quot;", "&apos;"};
    for (; *bytes; bytes++) {
        const char *found = strchr(special, *bytes);
        if (found)
            fputs(names[found - special], out);
        else
            fputc(*bytes, out);
    }
}

static void write_failure(void *out, const struct leak *leak)
{
    fprintf(out, "  <testcase classname=\"shmoo.leaks\" name=\"");
    write_xml(out, leak->name);
    if (has_site(leak)) {
        AUTO_STRBUF struct strbuf file = {0};
        const char *path = path_from_here(leak->making->file);
        escape_bytes(&file, path, strlen(path), NULL);
        fputs("\" file=\"", out);
        write_xml(out, strbuf_text(&file));
        fprintf(out, "\" line=\"%d", leak->making->line);
    }
    fprintf(out, "\"><failure type=\"%s\" message=\"", leak->rule);
    write_xml(out, leak->message);
    fputs("\"/></testcase>\n", out);
}

int leaks_report_junit(const struct leaks_report *report, FILE *out)
{
    size_t leaks = report->objects.count + report->processes.count;
    fprintf(out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"shmoo leaks\" tests=\"%zu\" "
            "failures=\"%zu\">\n",
            leaks ? leaks : 1, leaks);
    int r = leaks_report_each(report, write_failure, out);
    if (!leaks)
        fputs("  <testcase classname=\"shmoo.leaks\" name=\"nothing is left behind\"/>\n", out);
    fputs("</testsuite>\n", out);
    return r < 0 ? r : stream_state(out);
}

/* --- SARIF --- */

/* A path as a URI: relative below the working directory, as SARIF wants it of files in a repository. */
static void add_uri(struct strbuf *uri, const char *file)
{
    static const char plain[] = "/-._~";
    const char *path = path_from_here(file);
    strbuf_add_string(uri, *path == '/' ? "file://" : "");
    for (; *path; path++) {
        bool letter = (*path >= 'a' && *path <= 'z') || (*path >= 'A' && *path <= 'Z');
        if (letter || (*path >= '0' && *path <= '9') || strchr(plain, *path))
            strbuf_add_char(uri, *path);
        else
            strbuf_add_format(uri, "%%%02X", (unsigned char)*path);
    }
}

static void write_physical_location(struct json *json, const struct making *making)
{
    AUTO_STRBUF struct strbuf uri = {0};
    add_uri(&uri, making->file);
    json->text.failed |= uri.failed;
    json_open(json, "physicalLocation", '{');
    json_open(json, "artifactLocation", '{');
    json_text(json, "uri", strbuf_text(&uri));
    json_close(json, '{');
    json_open(json, "region", '{');
    json_number(json, "startLine", making->line > 0 ? (uint64_t)making->line : 1);
    json_close(json, '{');
    json_close(json, '{');
}

static void write_result(void *argument, const struct leak *leak)
{
    struct json *json = argument;
    AUTO_STRBUF struct strbuf text = {0};
    strbuf_add_format(&text, "%s: %s", leak->name, leak->message);
    json->text.failed |= text.failed;
    json_line(json);
    json_open(json, NULL, '{');
    json_text(json, "ruleId", leak->rule);
    json_text(json, "level", "error");
    json_open(json, "message", '{');
    json_text(json, "text", strbuf_text(&text));
    json_close(json, '{');
    json_open(json, "locations", '[');
    json_open(json, NULL, '{');
    if (has_site(leak))
        write_physical_location(json, leak->making);
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

int leaks_report_sarif(const struct leaks_report *report, FILE *out)
{
    static const char *const ids[] = {"leaked-object", "leaked-process", "foreign-object"};
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
    int r = leaks_report_each(report, write_result, &json);
    json_close(&json, '[');
    json_close(&json, '{');
    json_close(&json, '[');
    json_close(&json, '{');
    int ended = json_end(&json);
    return r < 0 ? r : ended;
}

/* --- GitHub Actions --- */

/* A percent sign would start an escape of theirs; in properties, a colon or comma would end the value. */
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
    fputs("::error ", out);
    if (has_site(leak)) {
        fputs("file=", out);
        write_github(out, path_from_here(leak->making->file), "%:,\r\n");
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
