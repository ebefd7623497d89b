/* rule_parse.c - the grammar of rules: calls, colons, keys, operators, values. See rule_parse.h. */
#include "inject/rule_parse.h"

#include "common/scan.h"
#include "inject/rule_calls.h"
#include "inject/rule_check.h"
#include "inject/rule_keys.h"

#include <errno.h>
#include <string.h>

enum { VALUE_MAX = 256, KEYS_MAX = 32 };

/* A rule being read. */
struct parsing {
    const char *start;
    struct scan scan;
    struct rule *rule;
    struct rule_error *error;
    const struct rule_key *given[KEYS_MAX];
    size_t given_count;
};

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

/* The last word wins nowhere: who says a thing twice has mistyped one of them. */
static int note_key(struct parsing *parsing, const struct rule_key *key, size_t column)
{
    for (size_t index = 0; index < parsing->given_count && !(key->flags & KEY_REPEATS); index++)
        if (parsing->given[index] == key)
            return rule_refuse(parsing->error, column, "%s is given twice", key->name);
    if (parsing->given_count == KEYS_MAX)
        return rule_refuse(parsing->error, column, "more than %d keys", KEYS_MAX);
    parsing->given[parsing->given_count++] = key;
    return 0;
}

static int parse_force(struct parsing *parsing, size_t column)
{
    if (!scan_done(&parsing->scan) && *parsing->scan.at != ':')
        return rule_refuse(parsing->error, column, "force takes no value");
    parsing->rule->force = true;
    return 0;
}

static int parse_setting(struct parsing *parsing)
{
    struct scan *scan = &parsing->scan;
    const char *name = scan->at;
    size_t column = (size_t)(name - parsing->start) + 1;
    while (!scan_done(scan) && !strchr("=<>:", *scan->at))
        scan->at++;
    size_t length = (size_t)(scan->at - name);
    if (length == 5 && memcmp(name, "force", 5) == 0)
        return parse_force(parsing, column);
    const struct rule_key *key = rule_key_find(name, length);
    if (!key)
        return rule_key_refuse(name, length, column, parsing->error);
    const char *operator= read_operator(scan);
    if (!operator)
        return rule_refuse(parsing->error, column, "%s needs a value", key->name);
    if (*operator!= '=' && !(key->flags &KEY_COMPARES))
        return rule_refuse(parsing->error, column, "%s takes = only", key->name);
    char value[VALUE_MAX];
    size_t value_column = (size_t)(scan->at - parsing->start) + 1;
    int r = note_key(parsing, key, column);
    if (r == 0)
        r = read_value(scan, value, value_column, parsing->error);
    if (r < 0)
        return r;
    return key->set(&(struct rule_setting){value, operator, value_column, parsing->rule, parsing->error});
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

    size_t calls_length = strcspn(text, ":");
    struct parsing parsing = {
        .start = text, .scan = scan_text(text + calls_length), .rule = &rule, .error = ret_error};
    int r = rule_calls_parse(scan_bytes(text, calls_length), text, &rule, named, ret_error);
    while (r == 0 && scan_char(&parsing.scan, ':'))
        r = parse_setting(&parsing);
    if (r == 0)
        r = rule_check(&rule, named, ret_error);
    if (r == 0)
        *ret_rule = rule;
    return r;
}
