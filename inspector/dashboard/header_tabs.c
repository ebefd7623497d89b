/* header_tabs.c - the tabs of the screens, and what is left out of them. */
#include "common/escape.h"
#include "common/strbuf.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/draw.h"
#include "inspector/dashboard/header.h"
#include "inspector/dashboard/header_parts.h"
#include "inspector/dashboard/screens.h"
#include "inspector/ids.h"

#include <curses.h>
#include <string.h>

enum { TAB_GAP = 1 };

static int tabs_line;

/* Where there is no room for all names, only the tab of the shown screen has one. */
static bool is_named(const struct dashboard *dashboard, size_t screen)
{
    int all = 0;
    for (size_t i = 0; i < SCREEN_COUNT; i++)
        all += draw_width(screens[i]->name) + 4 + TAB_GAP;
    return screen == dashboard->screen || all - TAB_GAP <= COLS;
}

static int tab_width(const struct dashboard *dashboard, size_t screen)
{
    return 3 + (is_named(dashboard, screen) ? draw_width(screens[screen]->name) + 1 : 0);
}

void header_draw_tabs(const struct dashboard *dashboard, int y)
{
    AUTO_STRBUF struct strbuf filter = {0};
    struct draw_run run = {.y = y, .end = COLS};
    tabs_line = y;
    for (size_t i = 0; i < SCREEN_COUNT; i++) {
        enum style style = i == dashboard->screen ? STYLE_TAB_ON : STYLE_TAB;
        draw_add(&run, style, " %zu ", i + 1);
        if (is_named(dashboard, i))
            draw_add(&run, style, "%s ", screens[i]->name);
        run.x += TAB_GAP;
    }
    run.x++;
    if (dashboard->filter) {
        escape_bytes(&filter, dashboard->filter_text, strlen(dashboard->filter_text), NULL);
        draw_add(&run, STYLE_PROMPT, " %s ", strbuf_text(&filter));
        run.x++;
    }
    const char *user = dashboard->selection.by_user ? user_name(dashboard->selection.user) : NULL;
    if (user)
        draw_add(&run, STYLE_PROMPT, " user %s ", user);
    else if (dashboard->selection.by_user)
        draw_add(&run, STYLE_PROMPT, " user %u ", dashboard->selection.user);
    if (dashboard->selection.by_pid)
        draw_add(&run, STYLE_PROMPT, " pid %d ", dashboard->selection.pid);
    if (dashboard->follow)
        draw_add(&run, STYLE_PROMPT, " following ");
}

int header_tab_at(const struct dashboard *dashboard, int y, int x)
{
    int start = 0;
    if (y != tabs_line)
        return -1;
    for (size_t i = 0; i < SCREEN_COUNT; i++) {
        if (x >= start && x < start + tab_width(dashboard, i))
            return (int)i;
        start += tab_width(dashboard, i) + TAB_GAP;
    }
    return -1;
}
