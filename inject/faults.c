/* faults.c - see faults.h. */
#include "inject/faults.h"

#include "inject/session.h"

#include <errno.h>
#include <string.h>

void faults_free(struct fault_list *list)
{
    array_each(&list->rules, rule)
    {
        free(rule->session);
        free(rule->text);
    }
    array_free(&list->rules);
}

struct reading {
    struct fault_list *list;
    int error;
};

static int add_rule(struct fault_list *list, const char *session, uint32_t number,
                    const struct plan_rule *slot)
{
    char text[RULE_TEXT_MAX];
    if (!plan_rule_there(slot))
        return 0;
    struct fault_rule *rule = array_push(&list->rules);
    if (!rule)
        return -ENOMEM;
    plan_rule_text(slot, text);
    rule->session = strdup(session);
    rule->text = strdup(text);
    rule->number = number;
    rule->on = slot->state == PLAN_RULE_ON;
    rule->matched = slot->matched;
    rule->fired = slot->fired;
    return rule->session && rule->text ? 0 : -ENOMEM;
}

static void add_session(const char *name, void *context)
{
    struct reading *reading = context;
    struct session session;
    if (session_open(name, &session) < 0)
        return;
    for (uint32_t number = 0; number < plan_rule_count(session.plan) && reading->error == 0; number++)
        reading->error = add_rule(reading->list, name, number, &session.plan->rules[number]);
    session_close(&session);
}

int faults_read(struct fault_list *list)
{
    struct reading reading = {.list = list};
    faults_free(list);
    int r = session_each(add_session, &reading);
    if (r == 0)
        r = reading.error;
    if (r < 0)
        faults_free(list);
    return r;
}

int faults_switch(const char *name, uint32_t number, bool on)
{
    struct session session;
    int r = session_open(name, &session);
    if (r < 0)
        return r;
    r = plan_switch(session.plan, number, on ? PLAN_RULE_ON : PLAN_RULE_OFF);
    session_close(&session);
    return r;
}
