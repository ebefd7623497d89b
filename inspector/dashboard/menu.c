/* menu.c - see menu.h. There is one menu at a time. */
#include "inspector/dashboard/menu.h"

#include "inspector/dashboard/box.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/draw.h"

#include <curses.h>
#include <stdio.h>
#include <string.h>

enum { ITEMS_MAX = 160, TICK_WIDTH = 2, HELP_GAP = 2 };

static struct {
    const char *title;
    struct menu_item items[ITEMS_MAX];
    size_t count, selected, top;
    struct box box; /* where it was drawn last, for the mouse */
    bool (*chosen)(struct dashboard *dashboard, size_t item);
} menu;

static int widest_text(void)
{
    int width = 0;
    for (size_t i = 0; i < menu.count; i++) {
        int one = draw_width(menu.items[i].text);
        width = one > width ? one : width;
    }
    return width;
}

static int widest_help(void)
{
    int width = 0;
    for (size_t i = 0; i < menu.count; i++) {
        int one = menu.items[i].help ? draw_width(menu.items[i].help) : 0;
        width = one > width ? one : width;
    }
    return width;
}

static void scroll_into_view(size_t room)
{
    if (menu.selected < menu.top)
        menu.top = menu.selected;
    if (menu.selected >= menu.top + room)
        menu.top = menu.selected - room + 1;
    if (menu.top + room > menu.count)
        menu.top = menu.count > room ? menu.count - room : 0;
}

static void draw_item(const struct box *box, size_t number, int text_width)
{
    const struct menu_item *item = &menu.items[number];
    bool selected = number == menu.selected;
    int y = box->y + (int)(number - menu.top), help = TICK_WIDTH + text_width + HELP_GAP;
    enum style style = selected ? STYLE_MENU_ON : STYLE_MENU;
    draw_text(y, box->x, TICK_WIDTH, style, item->ticked ? "*" : "");
    draw_text(y, box->x + TICK_WIDTH, box->width - TICK_WIDTH, style, item->text);
    if (item->help)
        draw_text(y, box->x + help, box->width - help, selected ? style : STYLE_MENU_DIM, item->help);
}

static void draw(struct dashboard *dashboard)
{
    (void)dashboard;
    int text = widest_text(), help = widest_help(), title = draw_width(menu.title);
    int width = TICK_WIDTH + text + (help ? HELP_GAP + help : 0);
    menu.box = box_draw(menu.title, (int)menu.count, width > title ? width : title);
    size_t room = (size_t)menu.box.height;
    scroll_into_view(room);
    for (size_t i = menu.top; i < menu.top + room && i < menu.count; i++)
        draw_item(&menu.box, i, text);
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

static void choose(struct dashboard *dashboard)
{
    if (menu.count && menu.chosen(dashboard, menu.selected))
        menu.items[menu.selected].ticked = !menu.items[menu.selected].ticked;
    else
        dashboard->popup = NULL;
}

/* Chooses an item as Enter does; beside the menu, closes it. */
static void click(struct dashboard *dashboard, int y, int x)
{
    size_t item = menu.top + (size_t)(y - menu.box.y);
    if (!box_has(&menu.box, y, x)) {
        dashboard->popup = NULL;
    } else if (y >= menu.box.y && item < menu.count) {
        menu.selected = item;
        choose(dashboard);
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
    case KEY_ENTER: choose(dashboard); return;
    default: go_to_letter(code);
    }
}

static const struct popup popup = {.draw = draw, .key = key, .click = click};

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
