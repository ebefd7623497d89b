/* actions_view.c - keys that change what is shown, and how. */
#include "common/array.h"
#include "inspector/dashboard/actions.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/help.h"
#include "inspector/dashboard/menu.h"
#include "inspector/rate_column.h"

#include <curses.h>
#include <stdio.h>
#include <string.h>

void action_help(struct dashboard *dashboard, int code)
{
    (void)code;
    help_open(dashboard);
}

void action_tree(struct dashboard *dashboard, int code)
{
    (void)code;
    dashboard->settings.tree = !dashboard->settings.tree;
    dashboard->screen = SCREEN_objects;
    dashboard_wish(dashboard);
    dashboard_update(dashboard);
}

static bool sort_by(struct dashboard *dashboard, size_t item)
{
    struct table *table = dashboard_table(dashboard);
    if (item)
        table_sort_by_heading(table, &table->headings[item - 1]);
    else
        table_sort_by(table, NULL);
    dashboard_update(dashboard);
    return false;
}

void action_sort(struct dashboard *dashboard, int code)
{
    struct menu_item items[TABLE_COLUMNS_MAX + 1] = {{.text = "(unsorted)"}};
    struct table *table = dashboard_table(dashboard);
    size_t selected = 0;
    (void)code;
    for (size_t i = 0; i < table->heading_count; i++) {
        items[i + 1].text = table->headings[i].name;
        if (table_is_sorted_by(table, table->headings[i].name))
            selected = i + 1;
    }
    items[selected].ticked = true;
    menu_open(dashboard, "Sort by", items, table->heading_count + 1, selected, sort_by);
}

void action_invert(struct dashboard *dashboard, int code)
{
    struct table *table = dashboard_table(dashboard);
    (void)code;
    table->descending = !table->descending;
    dashboard_update(dashboard);
}

static bool is_chosen(const struct column_choice *choice, const struct column *column)
{
    for (size_t i = 0; i < choice->count; i++)
        if (choice->items[i] == column)
            return true;
    return false;
}

static void drop_column(struct column_choice *choice, const struct column *column)
{
    size_t kept = 0;
    for (size_t i = 0; i < choice->count; i++)
        if (choice->items[i] != column)
            choice->items[kept++] = choice->items[i];
    choice->count = kept;
}

static void remember_columns(struct dashboard *dashboard)
{
    size_t length = 0, room = sizeof(dashboard->settings.columns);
    for (size_t i = 0; i < dashboard->columns.count && length < room; i++)
        length += (size_t)snprintf(dashboard->settings.columns + length, room - length, "%s%s", i ? "," : "",
                                   dashboard->columns.items[i]->name);
}

/* Those of lists, then the dashboard's own; NULL behind the last. */
static const struct column *nth_column(size_t number)
{
    size_t listed = 0;
    while (columns[listed].name)
        listed++;
    const struct column *column = number < listed ? &columns[number] : &rate_columns[number - listed];
    return column->name ? column : NULL;
}

/* A new column goes before the last, which is as wide as there is room. */
static bool toggle_column(struct dashboard *dashboard, size_t item)
{
    struct column_choice *choice = &dashboard->columns;
    const struct column *column = nth_column(item);
    if (is_chosen(choice, column) && choice->count > 1) {
        drop_column(choice, column);
    } else if (!is_chosen(choice, column) && choice->count < TABLE_COLUMNS_MAX) {
        columns_add(choice, column);
        if (choice->count > 2) {
            choice->items[choice->count - 1] = choice->items[choice->count - 2];
            choice->items[choice->count - 2] = column;
        }
    } else {
        return false;
    }
    memset(dashboard->tables[SCREEN_objects].widths, 0, sizeof(dashboard->tables[SCREEN_objects].widths));
    remember_columns(dashboard);
    dashboard_wish(dashboard);
    dashboard_update(dashboard);
    return true;
}

void action_columns(struct dashboard *dashboard, int code)
{
    struct menu_item items[COLUMNS_MAX];
    size_t count = 0;
    (void)code;
    for (const struct column *column; count < COLUMNS_MAX && (column = nth_column(count)); count++)
        items[count] = (struct menu_item){
            .text = column->name, .help = column->help, .ticked = is_chosen(&dashboard->columns, column)};
    menu_open(dashboard, "Columns (Enter: show or hide)", items, count, 0, toggle_column);
}

void action_detail(struct dashboard *dashboard, int code)
{
    const struct row *row = table_selected(dashboard_table(dashboard));
    if (row && row->type == ROW_KIND) {
        bool folded = dashboard->collapsed & UINT64_C(1) << row->key[1];
        (folded ? action_unfold : action_fold)(dashboard, code);
        return;
    }
    dashboard->detail = (dashboard->detail + 1) % (DETAIL_WHOLE + 1);
    dashboard->detail_top = 0;
    dashboard_wish(dashboard);
}

void action_follow(struct dashboard *dashboard, int code)
{
    (void)code;
    dashboard->follow = !dashboard->follow && table_selected(dashboard_table(dashboard));
    if (dashboard->follow && !dashboard->detail)
        dashboard->detail = DETAIL_SPLIT;
    dashboard_wish(dashboard);
}
