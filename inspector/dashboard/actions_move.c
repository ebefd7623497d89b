/* actions_move.c - keys that move about. With the details over the whole screen they scroll those. */
#include "inspector/dashboard/actions.h"
#include "inspector/dashboard/dashboard.h"

#include <curses.h>

static void move_by(struct dashboard *dashboard, long steps)
{
    struct table *table = dashboard_table(dashboard);
    if (dashboard->detail == DETAIL_WHOLE) {
        long top = dashboard->detail_top + steps;
        dashboard->detail_top = top < 0 ? 0 : top > 100000 ? 100000 : (int)top;
        return;
    }
    table_select(table, (long)table->selected + steps);
    dashboard->detail_top = 0;
}

static long page(struct dashboard *dashboard)
{
    int height = dashboard_table(dashboard)->height;
    return height > 2 ? height - 1 : 1;
}

void action_up(struct dashboard *dashboard, int code)
{
    (void)code;
    move_by(dashboard, -1);
}

void action_down(struct dashboard *dashboard, int code)
{
    (void)code;
    move_by(dashboard, 1);
}

void action_page_up(struct dashboard *dashboard, int code)
{
    (void)code;
    move_by(dashboard, -page(dashboard));
}

void action_page_down(struct dashboard *dashboard, int code)
{
    (void)code;
    move_by(dashboard, page(dashboard));
}

void action_first(struct dashboard *dashboard, int code)
{
    (void)code;
    move_by(dashboard, -1000000);
}

void action_last(struct dashboard *dashboard, int code)
{
    (void)code;
    move_by(dashboard, 1000000);
}

static void show_screen(struct dashboard *dashboard, size_t screen)
{
    dashboard->screen = screen;
    dashboard->detail_top = 0;
    dashboard_wish(dashboard);
    dashboard_update(dashboard);
}

void action_next_screen(struct dashboard *dashboard, int code)
{
    (void)code;
    show_screen(dashboard, (dashboard->screen + 1) % SCREEN_COUNT);
}

void action_previous_screen(struct dashboard *dashboard, int code)
{
    (void)code;
    show_screen(dashboard, (dashboard->screen + SCREEN_COUNT - 1) % SCREEN_COUNT);
}

void action_numbered_screen(struct dashboard *dashboard, int code)
{
    size_t screen = (size_t)(code - '1');
    if (screen < SCREEN_COUNT)
        show_screen(dashboard, screen);
}

static void set_fold(struct dashboard *dashboard, bool folded)
{
    const struct row *row = table_selected(dashboard_table(dashboard));
    if (!row || !dashboard->settings.tree || dashboard->screen != SCREEN_objects)
        return;
    if (row->type == ROW_KIND) {
        uint64_t bit = UINT64_C(1) << row->key[1];
        dashboard->collapsed = folded ? dashboard->collapsed | bit : dashboard->collapsed & ~bit;
    } else if (row->type == ROW_OBJECT) {
        const struct object *object = row->thing;
        dashboard->model.tracks[object->index]->expanded = !folded;
    }
    dashboard_update(dashboard);
}

void action_fold(struct dashboard *dashboard, int code)
{
    (void)code;
    set_fold(dashboard, true);
}

void action_unfold(struct dashboard *dashboard, int code)
{
    (void)code;
    set_fold(dashboard, false);
}
