/* rule_list.c - see rule_list.h. */
#include "inject/rule_list.h"

#include "common/cleanup.h"
#include "common/cli.h"
#include "inject/rule_calls.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { LINE_MAX_BYTES = 1024 };

/* Of a text that is too long its start is shown. */
static int say(const char *text, const char *where, const struct rule_error *error)
{
    char shown[RULE_TEXT_MAX];
    const char *cut = strlen(text) < sizeof(shown) ? "" : "...";
    snprintf(shown, sizeof(shown), "%.*s%s", (int)(sizeof(shown) - 4), text, cut);
    const char *before = where ? where : "";
    const char *colon = where ? ": " : "";
    if (error->column)
        return cli_fail_format(shown, "%s%scolumn %zu: %s", before, colon, error->column, error->message);
    return cli_fail_format(shown, "%s%s%s", before, colon, error->message);
}

int rule_list_add(struct rule_list *list, const char *text, const char *where)
{
    struct rule rule;
    struct rule_error error = {0};
    if (rule_parse(text, &rule, &error) < 0)
        return say(text, where, &error);
    struct rule *slot = array_push(&list->rules);
    if (!slot)
        return cli_fail_errno(text, ENOMEM);
    *slot = rule;
    return 0;
}

/* One line without its newline, or NULL at the end; what is wrong with it goes into ret_why. */
static char *read_line(FILE *file, char line[LINE_MAX_BYTES], const char **ret_why)
{
    size_t length = 0;
    int byte = getc(file);
    if (byte == EOF)
        return NULL;
    for (; byte != EOF && byte != '\n'; byte = getc(file)) {
        if (byte == '\0')
            *ret_why = "a NUL byte";
        else if (length == LINE_MAX_BYTES - 1)
            *ret_why = "line too long";
        if (*ret_why)
            return line;
        line[length++] = (char)byte;
    }
    while (length && strchr(" \t\r", line[length - 1])) /* also the ends of lines of other systems */
        length--;
    line[length] = '\0';
    return line + strspn(line, " \t");
}

static int read_lines(struct rule_list *list, FILE *file, const char *path)
{
    char line[LINE_MAX_BYTES];
    const char *why = NULL;
    errno = 0;
    char *text;
    for (unsigned number = 1; (text = read_line(file, line, &why)); number++) {
        char where[LINE_MAX_BYTES];
        snprintf(where, sizeof(where), "%.900s:%u", path, number);
        if (why)
            return cli_fail(where, why);
        if (!*text || *text == '#')
            continue;
        int r = rule_list_add(list, text, where);
        if (r)
            return r;
    }
    return ferror(file) ? cli_fail_errno(path, errno ? errno : EIO) : 0;
}

int rule_list_read(struct rule_list *list, const char *path)
{
    if (strcmp(path, "-") == 0)
        return read_lines(list, stdin, path);
    AUTO_FCLOSE FILE *file = fopen(path, "re");
    return file ? read_lines(list, file, path) : cli_fail_errno(path, errno);
}

int rule_list_calls(const char *text, uint64_t calls_set[RULE_CALL_WORDS])
{
    bool named[CALL_COUNT] = {false};
    struct rule rule = {0};
    struct rule_error error = {0};
    if (rule_calls_parse(scan_text(text), text, &rule, named, &error) < 0)
        return say(text, NULL, &error);
    for (unsigned word = 0; word < RULE_CALL_WORDS; word++)
        calls_set[word] |= rule.calls[word];
    return 0;
}

void rule_list_free(struct rule_list *list)
{
    array_free(&list->rules);
}
