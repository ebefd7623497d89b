/* menu.c - see menu.h. There is one menu at a time. */
#include "inspector/dashboard/menu.h"

#include "inspector/dashboard/box.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/draw.h"

#include <curses.h>
#include <stdio.h>
#include <string.h>

enum { ITEMS_MAX = 160 };

static struct {
    const char *title;
    struct menu_item items[ITEMS_MAX];
    size_t count, selected, top;
    bool (*chosen)(struct dashboard *dashboard, size_t item);
} menu;

static int widest(void)
{
    int width = draw_width(menu.title);
    for (size_t i = 0; i < menu.count; i++) {
        int one = draw_width(menu.items[i].text) + 4;
        width = one > width ? one : width;
    }
    return width;
}

static void draw(struct dashboard *dashboard)
{
    (void)dashboard;
    struct box box = box_draw(menu.title, (int)menu.count, widest());
    size_t room = (size_t)box.height;
    if (menu.selected < menu.top)
        menu.top = menu.selected;
    if (menu.selected >= menu.top + room)
        menu.top = menu.selected - room + 1;
    if (menu.top + room > menu.count)
        menu.top = menu.count > room ? menu.count - room : 0;
    for (size_t i = 0; i < room && menu.top + i < menu.count; i++) {
        const struct menu_item *item = &menu.items[menu.top + i];
        char text[256];
        snprintf(text, sizeof(text), "%s%s", item->ticked ? "* " : "  ", item->text);
        draw_text(box.y + (int)i, box.x, box.width,
                  menu.top + i == menu.selected ? STYLE_MENU_ON : STYLE_MENU, text);
    }
}

static void move_by(long steps)
{
    long to = (long)menu.selected + steps;
    to = to >= (long)menu.count ? (long)menu.count - 1 : to;
    menu.selected = to < 0 ? 0 : (size_t)to;
}

/* A letter goes to the next item that starts with it. */
static void go_to_letter(int code)
{
    for (size_t i = 1; i <= menu.count; i++) {
        size_t item = (menu.selected + i) % menu.count;
        if (code < 128 && tolower((unsigned char)menu.items[item].text[0]) == tolower(code)) {
            menu.selected = item;
            return;
        }
    }
}

static void key(struct dashboard *dashboard, int code)
{
    enum { ESCAPE = 27, CTRL_C = 3, PAGE = 10 };
    switch (code) {
    case ESCAPE:
    case CTRL_C:
    case 'q': dashboard->popup = NULL; return;
    case KEY_UP: move_by(-1); return;
    case KEY_DOWN: move_by(1); return;
    case KEY_PPAGE: move_by(-PAGE); return;
    case KEY_NPAGE: move_by(PAGE); return;
    case KEY_HOME: move_by(-ITEMS_MAX); return;
    case KEY_END: move_by(ITEMS_MAX); return;
    case ' ':
    case '\n':
    case '\r':
    case KEY_ENTER:
        if (menu.count && menu.chosen(dashboard, menu.selected))
            menu.items[menu.selected].ticked = !menu.items[menu.selected].ticked;
        else
            dashboard->popup = NULL;
        return;
    default: go_to_letter(code);
    }
}

static const struct popup popup = {.draw = draw, .key = key};

void menu_open(struct dashboard *dashboard, const char *title, const struct menu_item *items, size_t count,
               size_t selected, bool (*chosen)(struct dashboard *dashboard, size_t item))
{
    menu.title = title;
    menu.count = count < ITEMS_MAX ? count : ITEMS_MAX;
    memcpy(menu.items, items, menu.count * sizeof(*items));
    menu.selected = selected < menu.count ? selected : 0;
    menu.top = 0;
    menu.chosen = chosen;
    dashboard->popup = &popup;
}
