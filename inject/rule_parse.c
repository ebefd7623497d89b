/* rule_parse.c - the grammar of rules: calls, colons, keys, operators, values. See rule_parse.h. */
#include "inject/rule_parse.h"

#include "common/scan.h"
#include "inject/rule_calls.h"
#include "inject/rule_keys.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { VALUE_MAX = 256 };

int rule_refuse(struct rule_error *error, size_t column, const char *format, ...)
{
    va_list arguments;
    error->column = column;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof(error->message), format, arguments);
    va_end(arguments);
    return -EINVAL;
}

static const char *read_operator(struct scan *scan)
{
    static const char *const operators[] = {">=", "<=", ">", "<", "="};
    for (size_t index = 0; index < sizeof(operators) / sizeof(operators[0]); index++)
        if (scan_literal(scan, operators[index]))
            return operators[index];
    return NULL;
}

/* Up to the next colon; "\:" stands for a colon, so that values may have one. */
static int read_value(struct scan *scan, char value[VALUE_MAX], size_t column, struct rule_error *error)
{
    size_t length = 0;
    for (; !scan_done(scan) && *scan->at != ':'; scan->at++) {
        if (scan->at[0] == '\\' && scan->at + 1 < scan->end && scan->at[1] == ':')
            scan->at++;
        if (length == VALUE_MAX - 1)
            return rule_refuse(error, column, "longer than %d bytes", VALUE_MAX - 1);
        value[length++] = *scan->at;
    }
    value[length] = '\0';
    return 0;
}

static int parse_setting(struct scan *scan, const char *start, struct rule *rule, struct rule_error *error)
{
    const char *name = scan->at;
    size_t column = (size_t)(name - start) + 1;
    while (!scan_done(scan) && !strchr("=<>:", *scan->at))
        scan->at++;
    size_t length = (size_t)(scan->at - name);
    if (length == 5 && memcmp(name, "force", 5) == 0 && (scan_done(scan) || *scan->at == ':')) {
        rule->force = true;
        return 0;
    }
    const struct rule_key *key = rule_key_find(name, length);
    if (!key)
        return rule_key_refuse(name, length, column, error);
    const char *operator= read_operator(scan);
    if (!operator)
        return rule_refuse(error, column, "%s needs a value", key->name);
    if (*operator!= '=' && !key->compares)
        return rule_refuse(error, column, "%s takes = only", key->name);
    char value[VALUE_MAX];
    size_t value_column = (size_t)(scan->at - start) + 1;
    int r = read_value(scan, value, value_column, error);
    if (r < 0)
        return r;
    return key->set(&(struct rule_setting){value, operator, value_column, rule, error});
}

static struct rule empty_rule(void)
{
    return (struct rule){
        .first = 1, .last = UINT64_MAX, .step = 1, .chance = RULE_ALWAYS, .size_max = UINT64_MAX, .fd = -1};
}

int rule_parse(const char *text, struct rule *ret_rule, struct rule_error *ret_error)
{
    bool named[CALL_COUNT] = {false};
    struct rule rule = empty_rule();
    if (strlen(text) >= sizeof(rule.text))
        return rule_refuse(ret_error, 0, "longer than %zu bytes", sizeof(rule.text) - 1);
    memcpy(rule.text, text, strlen(text));

    struct scan scan = scan_text(text);
    scan.at += strcspn(text, ":");
    int r = rule_calls_parse(scan_bytes(text, (size_t)(scan.at - text)), text, &rule, named, ret_error);
    while (r == 0 && scan_char(&scan, ':'))
        r = parse_setting(&scan, text, &rule, ret_error);
    if (r == 0)
        r = rule_check(&rule, named, ret_error);
    if (r == 0)
        *ret_rule = rule;
    return r;
}
