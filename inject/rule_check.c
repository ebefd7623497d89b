/* rule_check.c - what a rule may not ask for, with the reason. See rule_check.h. */
#include "inject/rule_check.h"

#include "common/array.h"
#include "common/strbuf.h"
#include "inject/guard_text.h"
#include "inject/names.h"

#include <errno.h>
#include <string.h>

enum { ERROR_MAX = 4095 }; /* results from -4095 to -1 are errors to libc: MAX_ERRNO in linux/err.h */

static int flags_contradict(const struct rule *rule, const struct call *call, const struct guard *guard,
                            struct rule_error *error)
{
    int index = call_flags_param(call);
    bool command = index >= 0 && call_role_is_command(call->params[index].role);
    bool never = command ? rule->flags_set && guard->commands && !(rule->flags_set & guard->commands)
                         : (guard->set & rule->flags_clear) || (guard->clear & rule->flags_set) ||
                               (guard->not_all && (rule->flags_set & guard->not_all) == guard->not_all);
    if (!never)
        return 0;
    AUTO_STRBUF struct strbuf text = {0};
    guard_add_text(&text, call, guard);
    return rule_refuse(error, 0,
                       "%s gives %s only with %s, which the rule's flags exclude; 'force' does it anyway",
                       call->name, names_error(rule->error), strbuf_text(&text));
}

/* Rules for calls that files have too hold for IPC objects, unless they say for what. */
static int fd_contradicts(const struct rule *rule, unsigned number, const struct guard *guard,
                          struct rule_error *error)
{
    uint32_t kinds = rule->fd_kinds;
    if (!kinds)
        kinds = call_ipc_only(number, NULL) && rule->fd < 0 && !rule->name[0] ? FD_IPC : FD_ANY;
    if (!guard->fd_kinds || (guard->fd_kinds & kinds))
        return 0;
    AUTO_STRBUF struct strbuf text = {0};
    guard_add_text(&text, &calls[number], guard);
    return rule_refuse(error, 0, "%s gives %s only with %s; fd= says what it is for, 'force' does it anyway",
                       calls[number].name, names_error(rule->error), strbuf_text(&text));
}

static int refuse_error(const struct rule *rule, unsigned number, struct rule_error *error)
{
    AUTO_STRBUF struct strbuf menu = {0};
    const struct call *call = &calls[number];
    for (const struct call_error *row = call->errors; row < call->errors + CALL_ERRORS_MAX && row->error;
         row++)
        strbuf_add_format(&menu, "%s%s", menu.length ? " " : "", names_error(row->error));
    const char *why = number == CALL_futex ? ", and libc aborts on it" : "";
    return rule_refuse(error, 0, "%s never fails with %s%s; it may with %s. 'force' does it anyway",
                       call->name, names_error(rule->error), why, strbuf_text(&menu));
}

static int check_error(const struct rule *rule, unsigned number, struct rule_error *error)
{
    if (!(rule->effects & EFFECT_ERROR) || rule->force)
        return 0;
    const struct call *call = &calls[number];
    const struct call_error *row = call_error_find(call, rule->error);
    if (!row)
        return refuse_error(rule, number, error);
    if (row->guard.state & STATE_UNKNOWABLE)
        return rule_refuse(
            error, 0, "whether %s can fail with %s cannot be told from its arguments; 'force' does it anyway",
            call->name, names_error(rule->error));
    int r = flags_contradict(rule, call, &row->guard, error);
    return r < 0 ? r : fd_contradicts(rule, number, &row->guard, error);
}

static bool has_param(const struct call *call, enum call_role role)
{
    return call_param(call, role) >= 0;
}

/* Conditions and effects that need a parameter of some kind. */
static int check_params(const struct rule *rule, unsigned number, struct rule_error *error)
{
    const struct call *call = &calls[number];
    const bool fd = has_param(call, ROLE_FD);
    const bool kind = fd || call_ipc_only(number, NULL);
    const bool name = fd || call_name_param(call) >= 0 || has_param(call, ROLE_SEM);
    const bool size = has_param(call, ROLE_SIZE);
    const bool flags = call_flags_param(call) >= 0;
    const bool transfer = number == CALL_read || number == CALL_write;
    const bool asks_size = rule->size_min || rule->size_max != UINT64_MAX;
    const bool asks_flags = rule->flags_set || rule->flags_clear;
    const bool asks_short = rule->effects & EFFECT_SHORT;
    const struct {
        bool asked;
        bool possible;
        const char *key;
        const char *what;
    } checks[] = {
        {asks_size,           size,     "size",  "size"                      },
        {asks_flags,          flags,    "flags", "flags or command"          },
        {rule->fd >= 0,       fd,       "fd",    "descriptor"                },
        {rule->fd_kinds != 0, kind,     "fd",    "descriptor"                },
        {rule->name[0] != 0,  name,     "name",  "name or descriptor"        },
        {asks_short,          transfer, "short", "transfer that may be short"},
    };
    for (size_t index = 0; index < COUNT_OF(checks); index++)
        if (checks[index].asked && !checks[index].possible)
            return rule_refuse(error, 0, "%s: %s has no %s", checks[index].key, call->name,
                               checks[index].what);
    return 0;
}

static int check_effects(const struct rule *rule, struct rule_error *error)
{
    if (!rule->effects)
        return rule_refuse(
            error, 0,
            "says nothing to do; add error=, retval=, signal=, delay=, delay-after=, short= or crash=");
    if ((rule->effects & EFFECT_ERROR) && (rule->effects & EFFECT_RETVAL))
        return rule_refuse(error, 0, "error= and retval= exclude each other");
    if ((rule->effects & EFFECT_SHORT) && (rule->effects & (EFFECT_ERROR | EFFECT_RETVAL)))
        return rule_refuse(error, 0, "a call that is not made cannot be short");
    if (rule->signal_after && !(rule->effects & EFFECT_SIGNAL))
        return rule_refuse(error, 0, "when=after is for signal=");
    if (rule->size_min > rule->size_max)
        return rule_refuse(error, 0, "no size is so");
    return 0;
}

/* Calls named one by one must all be able to do what the rule says; of patterns and classes, those that can.
 */
int rule_check(struct rule *rule, const bool named[CALL_COUNT], struct rule_error *ret_error)
{
    int r = check_effects(rule, ret_error);
    if (r < 0)
        return r;
    struct rule_error error = {0};
    for (unsigned number = 0; number < CALL_COUNT; number++) {
        if (!rule_has_call(rule, number))
            continue;
        r = check_error(rule, number, &error);
        if (r == 0)
            r = check_params(rule, number, &error);
        if (r < 0 && named[number]) {
            *ret_error = error;
            return r;
        }
        if (r < 0)
            rule->calls[number / 64] &= ~(1ULL << (number % 64));
    }
    for (unsigned word = 0; word < RULE_CALL_WORDS; word++)
        if (rule->calls[word])
            return 0;
    if ((rule->effects & EFFECT_ERROR) && !rule->force)
        return rule_refuse(ret_error, 0, "none of the calls can do this with %s; the last: %s",
                           names_error(rule->error), error.message);
    *ret_error = error;
    return -EINVAL;
}

/* Why one call of the rule is out of an engine's reach, or NULL. */
static const char *unreachable(const struct rule *rule, unsigned number, enum call_reach engine)
{
    if (!(calls[number].reach & engine))
        return engine == REACH_SECCOMP ? "it often makes no system call, or one that cannot be told apart"
                                       : "it is a system call without a function in libc";
    const struct call_error *row =
        rule->effects & EFFECT_ERROR ? call_error_find(&calls[number], rule->error) : NULL;
    if (engine == REACH_SECCOMP && row && row->guard.preload_only && !rule->force)
        return "the error is libc's own, or libc retries or renames it when the kernel gives it";
    return NULL;
}

static int check_reach(const struct rule *rule, enum call_reach engine, struct rule_error *ret_error)
{
    const char *why = NULL;
    const char *call = NULL;
    for (unsigned number = 0; number < CALL_COUNT; number++) {
        if (!rule_has_call(rule, number))
            continue;
        why = unreachable(rule, number, engine);
        if (!why)
            return 0;
        call = calls[number].name;
    }
    rule_refuse(ret_error, 0, "the %s engine cannot serve %s: %s; use --engine %s",
                engine == REACH_SECCOMP ? "seccomp" : "preload", call, why,
                engine == REACH_SECCOMP ? "preload" : "seccomp");
    return -ENOTSUP;
}

int rule_check_engine(const struct rule *rule, enum call_reach engine, struct rule_error *ret_error)
{
    static const char late[] = "it sees calls only before they happen";
    const bool negative = (rule->effects & EFFECT_RETVAL) && rule->retval < 0 && rule->retval >= -ERROR_MAX;
    const struct {
        bool asked;
        const char *key;
        const char *why;
    } checks[] = {
        {negative,                           "this retval=", "libc takes such a result of a system call for an error"},
        {rule->effects & EFFECT_SHORT,       "short=",       "it cannot change arguments"                            },
        {rule->effects & EFFECT_DELAY_AFTER, "delay-after=", late                                                    },
        {rule->effects & EFFECT_CRASH_AFTER, "crash=after",  late                                                    },
        {rule->signal_after,                 "when=after",   late                                                    },
    };
    int r = check_reach(rule, engine, ret_error);
    for (size_t index = 0; r == 0 && engine == REACH_SECCOMP && index < COUNT_OF(checks); index++)
        if (checks[index].asked) {
            rule_refuse(ret_error, 0, "the seccomp engine cannot serve %s: %s", checks[index].key,
                        checks[index].why);
            r = -ENOTSUP;
        }
    return r;
}
