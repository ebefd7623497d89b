/* rule_keys.c - one function and one table row for each key. See rule_keys.h. */
#include "inject/rule_keys.h"

#include "common/array.h"
#include "common/scan.h"
#include "common/suggest.h"
#include "common/units.h"
#include "inject/fd_kind.h"
#include "inject/names.h"

#include <errno.h>
#include <string.h>

static int refuse_value(const struct rule_setting *setting, const char *wanted)
{
    return rule_refuse(setting->error, setting->column, "'%s' is not %s", setting->value, wanted);
}

static int set_error(const struct rule_setting *setting)
{
    int error = 0;
    if (!names_find_error(setting->value, strlen(setting->value), &error)) {
        struct suggest suggest = suggest_start(setting->value, strlen(setting->value));
        for (const char *name; (name = names_next_error(&error));)
            suggest_offer(&suggest, name);
        if (suggest.best)
            return rule_refuse(setting->error, setting->column, "no error '%s'; did you mean %s?",
                               setting->value, suggest.best);
        return refuse_value(setting, "the name of an error, as EAGAIN");
    }
    setting->rule->error = error;
    setting->rule->effects |= EFFECT_ERROR;
    return 0;
}

static int set_retval(const struct rule_setting *setting)
{
    struct scan scan = scan_text(setting->value);
    if (!scan_signed(&scan, &setting->rule->retval) || !scan_done(&scan))
        return refuse_value(setting, "a number");
    setting->rule->effects |= EFFECT_RETVAL;
    return 0;
}

static int set_signal(const struct rule_setting *setting)
{
    int signal = 0;
    if (!names_find_signal(setting->value, strlen(setting->value), &signal)) {
        struct suggest suggest = suggest_start(setting->value, strlen(setting->value));
        for (const char *name; (name = names_next_signal(&signal));)
            suggest_offer(&suggest, name);
        if (suggest.best)
            return rule_refuse(setting->error, setting->column, "no signal '%s'; did you mean %s?",
                               setting->value, suggest.best);
        return refuse_value(setting, "the name of a signal, as USR1");
    }
    setting->rule->signal = signal;
    setting->rule->effects |= EFFECT_SIGNAL;
    return 0;
}

static int set_duration(const struct rule_setting *setting, uint64_t *duration, enum rule_effect effect)
{
    if (units_parse_duration(setting->value, duration) < 0)
        return refuse_value(setting, "a duration, as 50ms");
    setting->rule->effects |= effect;
    return 0;
}

static int set_delay(const struct rule_setting *setting)
{
    return set_duration(setting, &setting->rule->delay, EFFECT_DELAY);
}

static int set_delay_after(const struct rule_setting *setting)
{
    return set_duration(setting, &setting->rule->delay_after, EFFECT_DELAY_AFTER);
}

static int set_short(const struct rule_setting *setting)
{
    if (units_parse_size(setting->value, &setting->rule->short_to) < 0)
        return refuse_value(setting, "a number of bytes");
    setting->rule->effects |= EFFECT_SHORT;
    return 0;
}

static int set_crash(const struct rule_setting *setting)
{
    if (strcmp(setting->value, "before") == 0)
        setting->rule->effects |= EFFECT_CRASH_BEFORE;
    else if (strcmp(setting->value, "after") == 0)
        setting->rule->effects |= EFFECT_CRASH_AFTER;
    else
        return refuse_value(setting, "before or after");
    return 0;
}

/* N, N+, N+STEP, N..M, and before or after, which say when a signal comes. */
static int set_when(const struct rule_setting *setting)
{
    struct rule *rule = setting->rule;
    if (strcmp(setting->value, "after") == 0 || strcmp(setting->value, "before") == 0) {
        rule->signal_after = *setting->value == 'a';
        return 0;
    }
    struct scan scan = scan_text(setting->value);
    uint64_t first;
    uint64_t last = UINT64_MAX;
    uint64_t step = 1;
    if (!scan_decimal(&scan, &first) || first == 0)
        return refuse_value(setting, "N, N+, N+STEP, N..M, before or after, counted from 1");
    if (scan_done(&scan))
        last = first;
    else if (scan_literal(&scan, ".."))
        scan_decimal(&scan, &last);
    else if (scan_char(&scan, '+'))
        scan_decimal(&scan, &step);
    if (!scan_done(&scan) || step == 0 || last < first || (scan.at[-1] == '.'))
        return refuse_value(setting, "N, N+, N+STEP, N..M, before or after");
    rule->first = first;
    rule->last = last;
    rule->step = step;
    return 0;
}

/* "5%", "0.1%" or "0.05"; kept as a fraction of 2^32, without floating point. */
static int set_prob(const struct rule_setting *setting)
{
    static const char wanted[] = "a probability, as 5% or 0.05";
    struct scan scan = scan_text(setting->value);
    uint64_t whole;
    uint64_t fraction = 0;
    uint64_t scale = 1;
    if (!scan_decimal(&scan, &whole) || whole > 100)
        return refuse_value(setting, wanted);
    if (scan_char(&scan, '.')) {
        for (; isdigit((unsigned char)scan_peek(&scan)) && scale < 1000000; scan.at++, scale *= 10)
            fraction = fraction * 10 + (uint64_t)(*scan.at - '0');
        if (scale == 1)
            return refuse_value(setting, wanted);
    }
    uint64_t one = scan_char(&scan, '%') ? scale * 100 : scale;
    uint64_t part = whole * scale + fraction;
    if (!scan_done(&scan) || part > one)
        return refuse_value(setting, wanted);
    setting->rule->chance = (uint64_t)((__uint128_t)RULE_ALWAYS * part / one);
    return 0;
}

static int set_seed(const struct rule_setting *setting)
{
    return units_parse_number(setting->value, &setting->rule->seed) < 0 ? refuse_value(setting, "a number")
                                                                        : 0;
}

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
        return refuse_value(setting, "a stack as 'shmoo sweep' names it");
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

static int set_count(const struct rule_setting *setting)
{
    static const char *const names[] = {
        [COUNT_TREE] = "tree", [COUNT_PROCESS] = "process", [COUNT_THREAD] = "thread"};
    for (uint32_t count = 0; count < COUNT_OF(names); count++)
        if (strcmp(setting->value, names[count]) == 0) {
            setting->rule->count = count;
            return 0;
        }
    return refuse_value(setting, "tree, process or thread");
}

static int set_size(const struct rule_setting *setting)
{
    struct rule *rule = setting->rule;
    uint64_t size;
    if (units_parse_size(setting->value, &size) < 0)
        return refuse_value(setting, "a size, as 64K");
    const char *operator= setting->operator;
    bool strict = !operator[1] && * operator!= '=';
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
            return refuse_value(setting, "a descriptor");
        setting->rule->fd = (int32_t)number;
        return 0;
    }
    for (const char *at = setting->value; *at;) {
        size_t length = strcspn(at, "|");
        uint32_t kinds = fd_kind_find(at, length);
        if (!kinds)
            return refuse_value(
                setting,
                "a number or one of pipe fifo socket shm memfd mq eventfd signalfd pidfd other ipc any");
        setting->rule->fd_kinds |= kinds;
        at += length + (at[length] == '|');
    }
    return setting->rule->fd_kinds ? 0 : refuse_value(setting, "a descriptor or a kind of one");
}

static const struct named_value *find_value(const struct rule *rule, const char *name, size_t length,
                                            bool *ret_command)
{
    for (unsigned number = 0; number < CALL_COUNT; number++) {
        int index = rule_has_call(rule, number) ? call_flags_param(&calls[number]) : -1;
        if (index < 0)
            continue;
        const struct named_value *value = names_of_role(calls[number].params[index].role);
        for (; value && value->name; value++)
            if (strlen(value->name) == length && memcmp(value->name, name, length) == 0) {
                *ret_command = call_role_is_command(calls[number].params[index].role);
                return value;
            }
    }
    return NULL;
}

/* "O_CREAT|!O_EXCL", or a command: "IPC_RMID". */
static int set_flags(const struct rule_setting *setting)
{
    for (const char *at = setting->value; *at;) {
        bool absent = *at == '!';
        at += absent;
        size_t length = strcspn(at, "|");
        bool command = false;
        const struct named_value *value = find_value(setting->rule, at, length, &command);
        if (!value)
            return rule_refuse(setting->error, setting->column + (size_t)(at - setting->value),
                               "none of the rule's calls has the flag '%.*s'", (int)length, at);
        if (absent && command)
            return rule_refuse(setting->error, setting->column, "! is for flags, %s is a command",
                               value->name);
        uint64_t bits = command ? call_command_bit(value->value) : value->value;
        *(absent ? &setting->rule->flags_clear : &setting->rule->flags_set) |= bits;
        at += length + (at[length] == '|');
    }
    return 0;
}

/* The grammar: what may follow the calls. */
static const struct rule_key keys[] = {
    {"error",       set_error,       false},
    {"retval",      set_retval,      false},
    {"signal",      set_signal,      false},
    {"delay",       set_delay,       false},
    {"delay-after", set_delay_after, false},
    {"short",       set_short,       false},
    {"crash",       set_crash,       false},
    {"when",        set_when,        false},
    {"prob",        set_prob,        false},
    {"seed",        set_seed,        false},
    {"name",        set_name,        false},
    {"size",        set_size,        true },
    {"flags",       set_flags,       false},
    {"fd",          set_fd,          false},
    {"caller",      set_caller,      false},
    {"func",        set_func,        false},
    {"stack",       set_stack,       false},
    {"proc",        set_proc,        false},
    {"thread",      set_thread,      false},
    {"count",       set_count,       false},
};

const struct rule_key *rule_key_find(const char *name, size_t length)
{
    for (size_t index = 0; index < COUNT_OF(keys); index++)
        if (strlen(keys[index].name) == length && memcmp(keys[index].name, name, length) == 0)
            return &keys[index];
    return NULL;
}

int rule_key_refuse(const char *name, size_t length, size_t column, struct rule_error *error)
{
    struct suggest suggest = suggest_start(name, length);
    for (size_t index = 0; index < COUNT_OF(keys); index++)
        suggest_offer(&suggest, keys[index].name);
    suggest_offer(&suggest, "force");
    if (suggest.best)
        return rule_refuse(error, column, "no key '%.*s'; did you mean %s?", (int)length, name, suggest.best);
    return rule_refuse(error, column, "no key '%.*s'; see shmoo-rules(7)", (int)length, name);
}
