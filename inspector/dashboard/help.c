/* help.c - the keys, as keys.def has them. */
#include "inspector/dashboard/help.h"

#include "inspector/dashboard/box.h"
#include "inspector/dashboard/draw.h"
#include "inspector/dashboard/keys.h"

#include <curses.h>
#include <string.h>

/* On 80 columns, with the margins of a box. */
enum { KEYS_WIDTH = 14, HELP_WIDTH = 78 };

static const char *const groups[] = {"Move", "Find", "View", "Act", "General"};

static int top;

static int count_lines(void)
{
    int lines = 2 * (int)COUNT_OF(groups) - 1;
    for (const struct key *key = keys; key->group; key++)
        lines++;
    return lines;
}

static void draw_line(const struct box *box, int line, enum style left_style, const char *left,
                      const char *right)
{
    int y = box->y + line - top;
    if (line < top || line >= top + box->height)
        return;
    draw_text(y, box->x, KEYS_WIDTH, left_style, left);
    draw_text(y, box->x + KEYS_WIDTH, box->width - KEYS_WIDTH, STYLE_MENU, right);
}

static void draw(struct dashboard *dashboard)
{
    (void)dashboard;
    int line = 0, lines = count_lines();
    struct box box = box_draw("Keys (arrows scroll, any other key closes)", lines, HELP_WIDTH);
    top = top > lines - box.height ? lines - box.height : top;
    top = top < 0 ? 0 : top;
    for (size_t i = 0; i < COUNT_OF(groups); i++) {
        line += i > 0;
        draw_line(&box, line++, STYLE_MENU_ON, groups[i], "");
        for (const struct key *key = keys; key->group; key++)
            if (strcmp(key->group, groups[i]) == 0)
                draw_line(&box, line++, STYLE_MENU, key->written, key->help);
    }
}

static void key_pressed(struct dashboard *dashboard, int code)
{
    switch (code) {
    case KEY_UP: top--; return;
    case KEY_DOWN: top++; return;
    case KEY_PPAGE: top -= LINES / 2; return;
    case KEY_NPAGE:
    case ' ': top += LINES / 2; return;
    default: dashboard->popup = NULL;
    }
}

static void click(struct dashboard *dashboard, int y, int x)
{
    (void)y;
    (void)x;
    dashboard->popup = NULL;
}

static const struct popup popup = {.draw = draw, .key = key_pressed, .click = click};

void help_open(struct dashboard *dashboard)
{
    top = 0;
    dashboard->popup = &popup;
}
