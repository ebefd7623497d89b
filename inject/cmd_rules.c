/* cmd_rules.c - `shmoo rules`: looks at the rules of a running `shmoo inject --name` and changes them. */
#include "common/cleanup.h"
#include "common/cli.h"
#include "common/strbuf.h"
#include "common/units.h"
#include "inject/print_json.h"
#include "inject/rule_check.h"
#include "inject/rule_list.h"
#include "inject/session.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { OPTION_JSON = 'J' };

static const struct cli_option options[] = {
    {"json", OPTION_JSON, NULL, "print the rules as JSON"},
    {NULL,   0,           NULL, NULL                     },
};

static const char *state_name(const struct plan_rule *slot)
{
    return slot->state == PLAN_RULE_ON ? "on" : "off";
}

static int list_text(const struct plan *plan)
{
    printf("RULE STATE MATCHED FIRED TEXT\n");
    for (uint32_t number = 0; number < plan_rule_count(plan); number++) {
        const struct plan_rule *slot = &plan->rules[number];
        AUTO_STRBUF struct strbuf escaped = {0};
        if (!plan_rule_there(slot))
            continue;
        session_add_rule_text(&escaped, slot);
        printf("%4u %-5s %7llu %5llu %s\n", number, state_name(slot), (unsigned long long)slot->matched,
               (unsigned long long)slot->fired, strbuf_text(&escaped));
    }
    return 0;
}

static json_t *rule_object(uint32_t number, const struct plan_rule *slot)
{
    AUTO_STRBUF struct strbuf escaped = {0};
    session_add_rule_text(&escaped, slot);
    return json_pack("{s:i, s:b, s:I, s:I, s:s}", "rule", number, "on", slot->state == PLAN_RULE_ON,
                     "matched", (json_int_t)slot->matched, "fired", (json_int_t)slot->fired, "text",
                     strbuf_text(&escaped));
}

static int list_json(const struct plan *plan)
{
    json_t *rules = json_array();
    for (uint32_t number = 0; number < plan_rule_count(plan); number++)
        if (plan_rule_there(&plan->rules[number]))
            json_array_append_new(rules, rule_object(number, &plan->rules[number]));
    json_t *root = json_pack("{s:i, s:o}", "schema", 1, "rules", rules);
    int r = print_json(root);
    return r < 0 ? cli_fail_output("rules", r) : 0;
}

/* The seccomp filter cannot grow after the start, so a rule may only name calls that it stops already. */
static bool trapped(const struct plan *plan, const struct rule *rule)
{
    for (unsigned word = 0; word < RULE_CALL_WORDS; word++)
        if (rule->calls[word] & ~plan->trapped[word])
            return false;
    return true;
}

static int check(const struct plan *plan, const struct rule *rule)
{
    struct rule_error error = {0};
    if (rule_check_engine(rule, plan->engine, &error) < 0)
        return cli_fail(rule->text, error.message);
    if (rule->func[0])
        return cli_fail(rule->text, "func= must be there when the run starts");
    if (plan->engine == REACH_SECCOMP && !trapped(plan, rule))
        return cli_fail(rule->text,
                        "the run's filter does not stop these calls; it was made for the rules at its start");
    return 0;
}

static int read_rules(const struct plan *plan, char *const *texts, struct rule_list *rules)
{
    for (; *texts; texts++) {
        int r = rule_list_add(rules, *texts, NULL);
        if (r == 0)
            r = check(plan, &rules->rules.items[rules->rules.count - 1]);
        if (r)
            return r;
    }
    return 0;
}

/* All of the rules or none, here and below. */
static int add(struct plan *plan, char *const *texts)
{
    CLEANUP(rule_list_free) struct rule_list list = {0};
    int r = read_rules(plan, texts, &list);
    if (r)
        return r;
    for (size_t index = 0; index < list.rules.count; index++) {
        const struct rule *rule = &list.rules.items[index];
        if (plan_rule_count(plan) + list.rules.count - index > PLAN_RULES_MAX || plan_add(plan, rule) < 0)
            return cli_fail_format(rule->text, "more than %d rules in one run", PLAN_RULES_MAX);
    }
    return 0;
}

static bool find_rule(const struct plan *plan, const char *text, unsigned *ret_number)
{
    uint64_t number;
    if (units_parse_number(text, &number) < 0 || number >= plan_rule_count(plan) ||
        !plan_rule_there(&plan->rules[number]))
        return false;
    *ret_number = (unsigned)number;
    return true;
}

static int no_such_rule(const char *text)
{
    return cli_fail(text, "no such rule; see 'shmoo rules NAME list'");
}

static int change(struct plan *plan, char *const *texts, enum plan_rule_state state)
{
    unsigned number;
    for (char *const *text = texts; *text; text++)
        if (!find_rule(plan, *text, &number))
            return no_such_rule(*text);
    for (char *const *text = texts; *text; text++)
        if (!find_rule(plan, *text, &number) || plan_switch(plan, number, state) < 0)
            return no_such_rule(*text); /* deleted by somebody else meanwhile, or named twice */
    return 0;
}

static const struct {
    const char *name;
    enum plan_rule_state state;
} changes[] = {
    {"on",  PLAN_RULE_ON     },
    {"off", PLAN_RULE_OFF    },
    {"del", PLAN_RULE_DELETED},
};

static int act(struct plan *plan, char *const *words, bool json)
{
    const char *action = words[0] ? words[0] : "list";
    bool listing = strcmp(action, "list") == 0;
    if (listing && words[0] && words[1])
        return cli_fail(words[1], "list takes no rules");
    if (listing)
        return json ? list_json(plan) : list_text(plan);
    if (!words[1])
        return cli_fail(action, "needs a rule");
    for (size_t index = 0; index < COUNT_OF(changes); index++)
        if (strcmp(action, changes[index].name) == 0)
            return change(plan, words + 1, changes[index].state);
    return add(plan, words + 1);
}

static bool known_action(const char *action)
{
    static const char *const actions[] = {"list", "add", "on", "off", "del"};
    for (size_t index = 0; index < COUNT_OF(actions); index++)
        if (strcmp(action, actions[index]) == 0)
            return true;
    return false;
}

static void print_name(const char *name, void *context)
{
    (void)context;
    puts(name);
}

static int rules_run(int argc, char **argv);

const struct command cmd_rules = {
    .name = "rules",
    .synopsis = "[NAME [list | add RULE... | on N... | off N... | del N...]]",
    .summary = "Show and change the rules of running injections",
    .options = options,
    .run = rules_run,
};

static int rules_run(int argc, char **argv)
{
    struct cli cli = cli_start(&cmd_rules, argc, argv);
    bool json = false;
    int letter;
    while ((letter = cli_next(&cli)) >= 0)
        json = true;
    if (letter != CLI_END)
        return letter == CLI_EXIT ? cli_finish(STATUS_FINE) : STATUS_FAILED;

    char *const *words = argv + cli.index;
    if (!words[0]) {
        int r = session_each(print_name, NULL);
        return r < 0 ? cli_fail_errno("sessions", r) : cli_finish(STATUS_FINE);
    }
    if (words[1] && !known_action(words[1]))
        return cli_fail(words[1], "no such action; there are list, add, on, off and del");
    struct session session;
    int r = session_open(words[0], &session);
    if (r < 0)
        return cli_fail(words[0], session_error(r));
    r = act(session.plan, words + 1, json);
    session_close(&session);
    return cli_finish(r);
}
