/* screen_faults.c - the rules of running injections (shmoo inject), with what they matched and fired. */
#include "common/hash.h"
#include "inject/faults.h"
#include "inspector/dashboard/actions.h"
#include "inspector/dashboard/dashboard.h"

#include <errno.h>
#include <string.h>

extern const struct screen screen_faults;

/* Rows point into it; read anew with them. */
static struct fault_list shown;

static void headings(const struct dashboard *dashboard, struct table *table)
{
    static const struct heading all[] = {
        {"RUN",     VALUE_WORD,   "s"},
        {"RULE",    VALUE_NUMBER, "n"},
        {"STATE",   VALUE_WORD,   "o"},
        {"MATCHED", VALUE_NUMBER, "m"},
        {"FIRED",   VALUE_NUMBER, "f"},
        {"TEXT",    VALUE_WORD,   "t"},
    };
    (void)dashboard;
    memcpy(table->headings, all, sizeof(all));
    table->heading_count = COUNT_OF(all);
}

static int rows(const struct dashboard *dashboard, struct table *table)
{
    if (faults_read(&shown) == -ENOMEM)
        return -ENOMEM;
    array_each(&shown.rules,
               rule) if (!table_add(table, ROW_FAULT, rule, hash_bytes(rule->session, strlen(rule->session)),
                                    rule->number)) return -ENOMEM;
    return table_sort(dashboard, table, 0);
}

static struct value cell(const struct dashboard *dashboard, const struct row *row,
                         const struct heading *heading, struct strbuf *scratch)
{
    const struct fault_rule *rule = row->thing;
    (void)dashboard;
    (void)scratch;
    switch (*(const char *)heading->column) {
    case 's': return value_word(rule->session);
    case 'n': return value_of(VALUE_NUMBER, rule->number);
    case 'o': return value_word(rule->on ? "on" : "off");
    case 'm': return value_of(VALUE_NUMBER, rule->matched);
    case 'f': return value_of(VALUE_NUMBER, rule->fired);
    default: return value_word(rule->text);
    }
}

static enum style style(const struct dashboard *dashboard, const struct row *row,
                        const struct heading *heading)
{
    const struct fault_rule *rule = row->thing;
    (void)dashboard;
    if (!rule->on)
        return STYLE_DIM;
    switch (*(const char *)heading->column) {
    case 'f': return rule->fired ? STYLE_WARN : STYLE_TEXT;
    case 't': return STYLE_STRONG;
    default: return STYLE_TEXT;
    }
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
    .headings = headings,
    .rows = rows,
    .cell = cell,
    .style = style,
};
