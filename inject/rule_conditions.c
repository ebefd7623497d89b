/* rule_conditions.c - the keys that say which calls a rule is about. See rule_keys.h. */
#include "inject/rule_keys.h"

#include "common/scan.h"
#include "common/suggest.h"
#include "common/units.h"
#include "inject/fd_kind.h"
#include "inject/names.h"

#include <string.h>

static int set_text(const struct rule_setting *setting, char *buffer, size_t size)
{
    if (!*setting->value)
        return rule_refuse(setting->error, setting->column, "a value is missing");
    if (strlen(setting->value) >= size)
        return rule_refuse(setting->error, setting->column, "longer than %zu bytes", size - 1);
    memcpy(buffer, setting->value, strlen(setting->value) + 1);
    return 0;
}

static int set_name(const struct rule_setting *setting)
{
    return set_text(setting, setting->rule->name, sizeof(setting->rule->name));
}

static int set_caller(const struct rule_setting *setting)
{
    return set_text(setting, setting->rule->caller, sizeof(setting->rule->caller));
}

static int set_func(const struct rule_setting *setting)
{
    return set_text(setting, setting->rule->func, sizeof(setting->rule->func));
}

/* As a sweep names it: the hash of the call's stack, in hexadecimal. */
static int set_stack(const struct rule_setting *setting)
{
    struct scan scan = scan_text(setting->value);
    if (!scan_hex(&scan, &setting->rule->stack) || !scan_done(&scan) || !setting->rule->stack)
        return rule_value_refuse(setting, "a stack as 'shmoo sweep' names it");
    return 0;
}

static int set_proc(const struct rule_setting *setting)
{
    return set_text(setting, setting->rule->proc, sizeof(setting->rule->proc));
}

static int set_thread(const struct rule_setting *setting)
{
    struct rule *rule = setting->rule;
    if (strcmp(setting->value, "main") == 0)
        rule->thread = THREAD_MAIN;
    else if (strcmp(setting->value, "!main") == 0)
        rule->thread = THREAD_NOT_MAIN;
    else
        rule->thread = THREAD_NAMED;
    return rule->thread == THREAD_NAMED ? set_text(setting, rule->thread_name, sizeof(rule->thread_name)) : 0;
}

static int set_size(const struct rule_setting *setting)
{
    struct rule *rule = setting->rule;
    uint64_t size;
    if (units_parse_size(setting->value, &size) < 0)
        return rule_value_refuse(setting, "a size, as 64K");
    const char *operator= setting->operator;
    bool strict = !operator[1] && * operator!= '=';
    bool twice = (*operator!= '<' && rule->size_min) || (*operator!= '>' && rule->size_max != UINT64_MAX);
    if (twice)
        return rule_refuse(setting->error, setting->column, "size has that bound already");
    if (strict && ((*operator== '>' && size == UINT64_MAX) || (*operator== '<' && size == 0)))
        return rule_refuse(setting->error, setting->column, "no size is so");
    if (*operator!= '<')
        rule->size_min = strict ? size + 1 : size;
    if (*operator!= '>')
        rule->size_max = strict ? size - 1 : size;
    return 0;
}

/* A descriptor's number, or kinds joined by "|". */
static int set_fd(const struct rule_setting *setting)
{
    uint64_t number;
    if (units_parse_number(setting->value, &number) == 0) {
        if (number > INT32_MAX)
            return rule_value_refuse(setting, "a descriptor");
        setting->rule->fd = (int32_t)number;
        return 0;
    }
    for (const char *at = setting->value; *at;) {
        size_t length = strcspn(at, "|");
        uint32_t kinds = fd_kind_find(at, length);
        if (!kinds)
            return rule_value_refuse(
                setting,
                "a number or one of pipe fifo socket shm memfd mq eventfd signalfd pidfd other ipc any");
        setting->rule->fd_kinds |= kinds;
        at += length + (at[length] == '|');
    }
    return setting->rule->fd_kinds ? 0 : rule_value_refuse(setting, "a descriptor or a kind of one");
}

/* A flag or command of one of the rule's calls; `suggest` is offered those that it is not. */
static const struct named_value *find_value(const struct rule *rule, struct suggest *suggest,
                                            bool *ret_command)
{
    for (unsigned number = 0; number < CALL_COUNT; number++) {
        int index = rule_has_call(rule, number) ? call_flags_param(&calls[number]) : -1;
        if (index < 0)
            continue;
        const struct named_value *value = names_of_role(calls[number].params[index].role);
        for (; value && value->name; value++) {
            if (strlen(value->name) == suggest->length &&
                memcmp(value->name, suggest->word, suggest->length) == 0) {
                *ret_command = call_role_is_command(calls[number].params[index].role);
                return value;
            }
            suggest_offer(suggest, value->name);
        }
    }
    return NULL;
}

static int refuse_flag(const struct rule_setting *setting, const struct suggest *suggest)
{
    size_t column = setting->column + (size_t)(suggest->word - setting->value);
    int length = (int)suggest->length;
    if (suggest->best)
        return rule_refuse(setting->error, column,
                           "none of the rule's calls has the flag '%.*s'; did you mean %s?", length,
                           suggest->word, suggest->best);
    return rule_refuse(setting->error, column, "none of the rule's calls has the flag '%.*s'", length,
                       suggest->word);
}

/* Of a field, as O_ACCMODE, the value asked for must be there and the others not. */
static void ask_for(struct rule *rule, const struct named_value *value, bool absent)
{
    if (absent) {
        rule->flags_clear |= value->value;
        return;
    }
    rule->flags_set |= value->value;
    rule->flags_clear |= value->field & ~value->value;
}

static int set_flag(const struct rule_setting *setting, struct suggest *suggest, bool absent)
{
    bool command = false;
    const struct named_value *value = find_value(setting->rule, suggest, &command);
    if (!value)
        return refuse_flag(setting, suggest);
    size_t column = setting->column + (size_t)(suggest->word - setting->value);
    if (absent && command)
        return rule_refuse(setting->error, column, "! is for flags, %s is a command", value->name);
    if (absent && !value->value)
        return rule_refuse(setting->error, column, "! is for bits, %s is none; name what is to be there",
                           value->name);
    if (command)
        setting->rule->flags_set |= call_command_bit(value->value);
    else
        ask_for(setting->rule, value, absent);
    if (!command && (setting->rule->flags_set & setting->rule->flags_clear))
        return rule_refuse(setting->error, column, "no flags are so");
    return 0;
}

/* "O_CREAT|!O_EXCL", or a command: "IPC_RMID". */
static int set_flags(const struct rule_setting *setting)
{
    const char *at = setting->value;
    do {
        bool absent = *at == '!';
        at += absent;
        struct suggest suggest = suggest_start(at, strcspn(at, "|"));
        int r = set_flag(setting, &suggest, absent);
        if (r < 0)
            return r;
        at += suggest.length;
    } while (*at++ == '|');
    return 0;
}

const struct rule_key rule_condition_keys[] = {
    {"name",   set_name,   0                         },
    {"size",   set_size,   KEY_COMPARES | KEY_REPEATS},
    {"flags",  set_flags,  0                         },
    {"fd",     set_fd,     0                         },
    {"caller", set_caller, 0                         },
    {"func",   set_func,   0                         },
    {"stack",  set_stack,  0                         },
    {"proc",   set_proc,   0                         },
    {"thread", set_thread, 0                         },
    {NULL,     NULL,       0                         },
};
