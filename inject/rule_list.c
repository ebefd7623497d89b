/* rule_list.c - see rule_list.h. */
#include "inject/rule_list.h"

#include "common/cleanup.h"
#include "common/cli.h"
#include "inject/rule_calls.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { LINE_MAX_BYTES = 1024 };

static int say(const char *text, const char *where, const struct rule_error *error)
{
    const char *before = where ? where : "";
    const char *colon = where ? ": " : "";
    if (error->column)
        return cli_fail_format(text, "%s%scolumn %zu: %s", before, colon, error->column, error->message);
    return cli_fail_format(text, "%s%s%s", before, colon, error->message);
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

static int read_lines(struct rule_list *list, FILE *file, const char *path)
{
    char line[LINE_MAX_BYTES];
    for (unsigned number = 1; fgets(line, sizeof(line), file); number++) {
        char where[LINE_MAX_BYTES];
        snprintf(where, sizeof(where), "%.900s:%u", path, number);
        if (!strchr(line, '\n') && !feof(file))
            return cli_fail(where, "line too long");
        line[strcspn(line, "\n")] = '\0';
        char *text = line + strspn(line, " \t");
        size_t length = strlen(text);
        while (length && (text[length - 1] == ' ' || text[length - 1] == '\t'))
            text[--length] = '\0';
        if (!length || *text == '#')
            continue;
        int r = rule_list_add(list, text, where);
        if (r)
            return r;
    }
    return ferror(file) ? cli_fail_errno(path, EIO) : 0;
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
