/*
 * report_html.c - one page that needs nothing else: report.html, which is part of this program, with the
 * result and the words of the tables in two blocks of JSON.
 */
#include "common/cleanup.h"
#include "common/json.h"
#include "inject/sweep/report.h"
#include "inject/sweep/result_json.h"

#include <errno.h>
#include <string.h>

/* The assembler puts the file here; it has no name in C. */
__asm__(".pushsection .rodata\n"
        "report_page: .incbin \"inject/sweep/report.html\"\n"
        "report_page_end: .popsection\n");
extern const char report_page[], report_page_end[];

static int write_words(const struct sweep_result *result, FILE *out)
{
    (void)result;
    struct json json = json_begin(out);
    json_open(&json, NULL, '{');
    json_open(&json, "verdicts", '[');
    for (unsigned verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        json_open(&json, NULL, '{');
        json_text(&json, "name", verdicts[verdict].name);
        json_bytes(&json, "cell", &verdicts[verdict].cell, 1);
        json_bool(&json, "finding", verdicts[verdict].finding);
        json_text(&json, "text", verdicts[verdict].text);
        json_close(&json, '{');
    }
    json_close(&json, '[');
    json_open(&json, "modes", '[');
    for (unsigned mode = 0; mode < MODE_COUNT; mode++) {
        json_open(&json, NULL, '{');
        json_text(&json, "name", trial_modes[mode].name);
        json_text(&json, "text", trial_modes[mode].text);
        json_close(&json, '{');
    }
    json_close(&json, '[');
    json_close(&json, '{');
    return json_end(&json);
}

/*
 * JSON as it may stand in a script element: what ends one or begins a comment starts with '<', and that is
 * found in strings only (HTML, "Restrictions for contents of script elements").
 */
static int write_block(int (*write)(const struct sweep_result *result, FILE *out),
                       const struct sweep_result *result, FILE *out)
{
    AUTO_FREE char *text = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&text, &length);
    int r = memory ? write(result, memory) : -ENOMEM;
    if (memory && fclose(memory) != 0 && r == 0)
        r = -ENOMEM;
    for (size_t at = 0; r == 0 && at < length; at++) {
        size_t plain = 0;
        while (at + plain < length && text[at + plain] != '<')
            plain++;
        fwrite(text + at, 1, plain, out);
        at += plain;
        if (at < length)
            fputs("\\u003c", out);
    }
    return r;
}

/* The page up to the mark, and then the block. Returns 0 or -errno; `page` stands behind the mark then. */
static int write_part(const char **page, const char *mark, int (*write)(const struct sweep_result *, FILE *),
                      const struct sweep_result *result, FILE *out)
{
    const char *at = memmem(*page, (size_t)(report_page_end - *page), mark, strlen(mark));
    if (!at)
        return -EINVAL;
    fwrite(*page, 1, (size_t)(at - *page), out);
    *page = at + strlen(mark);
    return write_block(write, result, out);
}

static int write_page(const struct sweep_result *result, const struct report_view *view, FILE *out)
{
    (void)view;
    const char *page = report_page;
    int r = write_part(&page, "<!--WORDS-->", write_words, result, out);
    if (r == 0)
        r = write_part(&page, "<!--RESULT-->", result_write, result, out);
    if (r < 0)
        return r;
    fwrite(page, 1, (size_t)(report_page_end - page), out);
    return ferror(out) ? -EIO : 0;
}

const struct report report_html = {.name = "html", .write = write_page};
