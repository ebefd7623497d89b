/* actions_general.c - keys about the dashboard itself. */
#include "common/units.h"
#include "inspector/dashboard/actions.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/filtering.h"
#include "inspector/dashboard/terminal.h"

#include <curses.h>

/* Intervals that + and - go through, in tenths of a second. */
static const uint64_t tenths[] = {1, 2, 5, 10, 20, 30, 50, 100, 300, 600};

static void change_interval(struct dashboard *dashboard, int direction)
{
    static const uint64_t tenth = UINT64_C(100000000);
    uint64_t now = dashboard->settings.interval, next = now;
    char text[UNITS_TEXT_MAX];
    for (size_t i = 0; i < COUNT_OF(tenths); i++) {
        if (direction > 0 && tenths[i] * tenth > now) {
            next = tenths[i] * tenth;
            break;
        }
        if (direction < 0 && tenths[i] * tenth < now)
            next = tenths[i] * tenth;
    }
    dashboard->settings.interval = next;
    dashboard_wish(dashboard);
    dashboard_say(dashboard, "every %s", units_format_duration(next, text));
}

void action_slower(struct dashboard *dashboard, int code)
{
    (void)code;
    change_interval(dashboard, 1);
}

void action_faster(struct dashboard *dashboard, int code)
{
    (void)code;
    change_interval(dashboard, -1);
}

void action_pause(struct dashboard *dashboard, int code)
{
    (void)code;
    dashboard->wish.paused = !dashboard->wish.paused;
    dashboard_wish(dashboard);
}

void action_again(struct dashboard *dashboard, int code)
{
    (void)code;
    collector_now(dashboard->collector);
}

void action_redraw(struct dashboard *dashboard, int code)
{
    (void)dashboard;
    (void)code;
    terminal_resize();
    clearok(curscr, TRUE);
}

/* One thing at a time, the one opened last first. */
void action_leave(struct dashboard *dashboard, int code)
{
    (void)code;
    if (dashboard->detail) {
        dashboard->detail = DETAIL_CLOSED;
        dashboard->follow = false;
        dashboard_wish(dashboard);
    } else if (dashboard->filter) {
        filtering_set(dashboard, "");
    } else if (dashboard->selection.by_user) {
        dashboard->selection.by_user = false;
        dashboard_wish(dashboard);
        dashboard_update(dashboard);
    }
    dashboard->search[0] = '\0';
}

void action_suspend(struct dashboard *dashboard, int code)
{
    (void)dashboard;
    (void)code;
    terminal_suspend();
}

void action_quit(struct dashboard *dashboard, int code)
{
    (void)code;
    dashboard->quit = true;
}
