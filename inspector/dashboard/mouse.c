/* mouse.c - see mouse.h. A click does what a key would do. */
#include "inspector/dashboard/mouse.h"

#include "inspector/dashboard/footer.h"
#include "inspector/dashboard/header.h"
#include "inspector/dashboard/keys.h"

#include <curses.h>
#include <string.h>

enum { WHEEL_STEP = 3 };

static void act(struct dashboard *dashboard, int code)
{
    const struct key *key = code ? key_find(code) : NULL;
    if (key)
        key->act(dashboard, code);
}

static void click_heading(struct dashboard *dashboard, struct table *table, int x)
{
    const struct heading *heading = table_heading_at(table, x);
    if (!heading)
        return;
    if (table_is_sorted_by(table, heading->name))
        table->descending = !table->descending;
    else
        table_sort_by_heading(table, heading);
    dashboard_update(dashboard);
}

static void turn_fold(struct dashboard *dashboard, struct table *table, long row)
{
    bool shut = table->rows.items[row].fold == FOLD_SHUT;
    table_select(table, row);
    act(dashboard, shut ? KEY_RIGHT : KEY_LEFT);
}

static void click(struct dashboard *dashboard, int y, int x)
{
    struct table *table = dashboard_table(dashboard);
    int tab = header_tab_at(dashboard, y, x);
    long row = dashboard->detail == DETAIL_WHOLE ? -1 : table_row_at(table, y);
    if (tab >= 0)
        act(dashboard, '1' + tab);
    else if (y == LINES - 1)
        act(dashboard, footer_key_at(x));
    else if (row >= 0 && table_fold_at(table, row, x))
        turn_fold(dashboard, table, row);
    else if (row >= 0 && (size_t)row == table->selected)
        act(dashboard, '\n');
    else if (row >= 0)
        table_select(table, row);
    else if (y == table->y - 1 && dashboard->detail != DETAIL_WHOLE)
        click_heading(dashboard, table, x);
}

void mouse_act(struct dashboard *dashboard)
{
    MEVENT event;
    if (getmouse(&event) != OK)
        return;
    bool up = event.bstate & BUTTON4_PRESSED, down = event.bstate & BUTTON5_PRESSED;
    if (dashboard->popup) {
        if (up || down)
            dashboard->popup->key(dashboard, up ? KEY_UP : KEY_DOWN);
        else if (event.bstate & BUTTON1_PRESSED && dashboard->popup->click)
            dashboard->popup->click(dashboard, event.y, event.x);
        return;
    }
    for (int i = 0; i < WHEEL_STEP && (up || down); i++)
        act(dashboard, up ? KEY_UP : KEY_DOWN);
    if (event.bstate & BUTTON1_PRESSED)
        click(dashboard, event.y, event.x);
}
