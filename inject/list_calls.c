/* list_calls.c - see list_calls.h. */
#include "inject/list_calls.h"

#include "common/strbuf.h"
#include "inject/calls.h"
#include "inject/guard_text.h"
#include "inject/names.h"
#include "inject/print_json.h"

#include <jansson.h>
#include <stdio.h>

static const char *const failures[] = {
    [FAILURE_MINUS_ONE] = "-1", [FAILURE_NULL_POINTER] = "NULL", [FAILURE_RETURNED] = "the error"};
static const char *const engines[] = {
    [REACH_PRELOAD] = "preload", [REACH_SECCOMP] = "seccomp", [REACH_BOTH] = "preload, seccomp"};

static void add_error(struct strbuf *text, const struct call *call, const struct call_error *row)
{
    AUTO_STRBUF struct strbuf guard = {0};
    guard_add_text(&guard, call, &row->guard);
    strbuf_add_string(text, names_error(row->error));
    if (guard.length)
        strbuf_add_format(text, " {%s}", strbuf_text(&guard));
}

static void print_call(const struct call *call)
{
    printf("%s (%%%s): fails with %s; engines: %s", call->name, call_class_names[call->class],
           failures[call->failure], engines[call->reach]);
    for (unsigned which = 0; which < CALL_SYSCALLS_MAX && call->syscalls[which].name[0]; which++)
        printf("%s%s%s%s", which ? ", " : "; system calls: ", call->syscalls[which].name,
               call->syscalls[which].under[0] ? " under " : "", call->syscalls[which].under);
    AUTO_STRBUF struct strbuf errors = {0};
    for (const struct call_error *row = call->errors; row < call->errors + CALL_ERRORS_MAX && row->error;
         row++) {
        strbuf_add_string(&errors, errors.length ? ", " : "");
        add_error(&errors, call, row);
    }
    printf("\n    %s\n", strbuf_text(&errors));
}

static json_t *errors_array(const struct call *call)
{
    json_t *array = json_array();
    for (const struct call_error *row = call->errors; row < call->errors + CALL_ERRORS_MAX && row->error;
         row++) {
        AUTO_STRBUF struct strbuf guard = {0};
        guard_add_text(&guard, call, &row->guard);
        json_array_append_new(array, json_pack("{s:s, s:s, s:b, s:b}", "error", names_error(row->error),
                                               "when", strbuf_text(&guard), "force",
                                               (row->guard.state & STATE_UNKNOWABLE) != 0, "preload_only",
                                               row->guard.preload_only));
    }
    return array;
}

static json_t *call_object(const struct call *call)
{
    json_t *systems = json_array();
    for (unsigned which = 0; which < CALL_SYSCALLS_MAX && call->syscalls[which].name[0]; which++)
        json_array_append_new(systems, json_string(call->syscalls[which].name));
    return json_pack("{s:s, s:s, s:s, s:b, s:b, s:o, s:o}", "call", call->name, "class",
                     call_class_names[call->class], "failure", failures[call->failure], "preload",
                     (call->reach & REACH_PRELOAD) != 0, "seccomp", (call->reach & REACH_SECCOMP) != 0,
                     "syscalls", systems, "errors", errors_array(call));
}

int list_calls(bool json)
{
    if (!json) {
        for (unsigned number = 0; number < CALL_COUNT; number++)
            print_call(&calls[number]);
        return 0;
    }
    json_t *array = json_array();
    for (unsigned number = 0; number < CALL_COUNT; number++)
        json_array_append_new(array, call_object(&calls[number]));
    return print_json(array);
}
