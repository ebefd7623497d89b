/* screen_faults.c - the rules of running injections (shmoo inject), with what they matched and fired. */
#include "common/hash.h"
#include "inject/faults.h"
#include "inspector/dashboard/actions.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/fixed_column.h"

#include <errno.h>
#include <string.h>

extern const struct screen screen_faults;

/* Rows point into it; read anew with them. */
static struct fault_list shown;

FIXED_VALUE(get_run)
{
    const struct fault_rule *rule = thing;
    return value_word(rule->session);
}

FIXED_VALUE(get_number)
{
    const struct fault_rule *rule = thing;
    return value_of(VALUE_NUMBER, rule->number);
}

FIXED_VALUE(get_state)
{
    const struct fault_rule *rule = thing;
    return value_word(rule->on ? "on" : "off");
}

FIXED_VALUE(get_matched)
{
    const struct fault_rule *rule = thing;
    return value_of(VALUE_NUMBER, rule->matched);
}

FIXED_VALUE(get_fired)
{
    const struct fault_rule *rule = thing;
    return value_of(VALUE_NUMBER, rule->fired);
}

FIXED_VALUE(get_text)
{
    const struct fault_rule *rule = thing;
    return value_word(rule->text);
}

FIXED_STYLE(style_of_all)
{
    const struct fault_rule *rule = thing;
    return rule->on ? STYLE_TEXT : STYLE_DIM;
}

FIXED_STYLE(style_of_fired)
{
    const struct fault_rule *rule = thing;
    return rule->on && rule->fired ? STYLE_WARN : style_of_all(model, thing);
}

FIXED_STYLE(style_of_text)
{
    const struct fault_rule *rule = thing;
    return rule->on ? STYLE_STRONG : STYLE_DIM;
}

static const struct fixed_column fault_columns[] = {
    {.name = "RUN",     .type = VALUE_WORD,   .get = get_run,     .style_of = style_of_all  },
    {.name = "RULE",    .type = VALUE_NUMBER, .get = get_number,  .style_of = style_of_all  },
    {.name = "STATE",   .type = VALUE_WORD,   .get = get_state,   .style_of = style_of_all  },
    {.name = "MATCHED", .type = VALUE_NUMBER, .get = get_matched, .style_of = style_of_all  },
    {.name = "FIRED",   .type = VALUE_NUMBER, .get = get_fired,   .style_of = style_of_fired},
    {.name = "TEXT",    .type = VALUE_WORD,   .get = get_text,    .style_of = style_of_text },
};

static int rows(const struct dashboard *dashboard, struct table *table)
{
    if (faults_read(&shown) == -ENOMEM)
        return -ENOMEM;
    array_each(&shown.rules, rule)
    {
        uint64_t session = hash_bytes(rule->session, strlen(rule->session));
        if (!table_add(table, ROW_FAULT, rule, session, rule->number))
            return -ENOMEM;
    }
    return table_sort(dashboard, table, 0);
}

void action_toggle(struct dashboard *dashboard, int code)
{
    const struct row *row = table_selected(dashboard_table(dashboard));
    (void)code;
    if (!row || row->type != ROW_FAULT)
        return;
    const struct fault_rule *rule = row->thing;
    bool on = !rule->on;
    if (dashboard->readonly)
        dashboard_complain(dashboard, "nothing is changed in this mode");
    else if (faults_switch(rule->session, rule->number, on) < 0)
        dashboard_complain(dashboard, "%s is not running any more", rule->session);
    else
        dashboard_say(dashboard, "rule %u of %s is %s", rule->number, rule->session, on ? "on" : "off");
    dashboard_update(dashboard);
}

const struct screen screen_faults = {
    .name = "Faults",
    .empty = "no injection is running; see 'shmoo inject --help'",
    .rows = rows,
    FIXED_COLUMNS(fault_columns),
};
