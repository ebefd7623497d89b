/* hex.c - x: what the selected object contains, as far as that can be seen without disturbing it; scrolls. */
#include "inspector/dashboard/actions.h"
#include "inspector/dashboard/box.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/draw.h"

#include <curses.h>
#include <stdio.h>
#include <string.h>

enum { HEX_WIDTH = 78, STEP = 4096 };

static int top;
static struct box place; /* where it was drawn last, for the mouse */
static char title[160];

static void draw(struct dashboard *dashboard)
{
    const struct model *model = &dashboard->model;
    const char *line = identity_is(&model->subject, &dashboard->wish.subject) ? model->contents : NULL;
    struct box box = place = box_draw(title, LINES, HEX_WIDTH);
    int count = 0;
    if (!line)
        draw_text(box.y, box.x, box.width, STYLE_MENU, "looking ...");
    for (; line && *line; count++) {
        size_t length = strcspn(line, "\n");
        char text[256];
        snprintf(text, sizeof(text), "%.*s", (int)length, line);
        if (count >= top && count < top + box.height)
            draw_text(box.y + count - top, box.x, box.width, STYLE_MENU, text);
        line += length + (line[length] == '\n');
    }
    top = top > count - box.height ? count - box.height : top;
    top = top < 0 ? 0 : top;
}

static void turn(struct dashboard *dashboard, int64_t bytes)
{
    int64_t offset = (int64_t)dashboard->wish.offset + bytes;
    dashboard->wish.offset = offset < 0 ? 0 : (uint64_t)offset;
    top = 0;
    dashboard_wish(dashboard);
}

static void leave(struct dashboard *dashboard)
{
    dashboard->popup = NULL;
    dashboard->wish.contents = false;
    dashboard_wish(dashboard);
}

static void key(struct dashboard *dashboard, int code)
{
    switch (code) {
    case KEY_UP: top--; return;
    case KEY_DOWN: top++; return;
    case KEY_PPAGE: top -= LINES - 4; return;
    case KEY_NPAGE:
    case ' ': top += LINES - 4; return;
    case '<':
    case KEY_LEFT: turn(dashboard, -STEP); return;
    case '>':
    case KEY_RIGHT: turn(dashboard, STEP); return;
    default: leave(dashboard);
    }
}

static void click(struct dashboard *dashboard, int y, int x)
{
    if (!box_has(&place, y, x))
        leave(dashboard);
}

static const struct popup popup = {.draw = draw, .key = key, .click = click};

void action_hex(struct dashboard *dashboard, int code)
{
    const struct row *row = table_selected(dashboard_table(dashboard));
    const struct object *object = row ? row_object(dashboard, row) : NULL;
    (void)code;
    if (!object) {
        dashboard_complain(dashboard, "no object is selected");
        return;
    }
    snprintf(title, sizeof(title), "%s (arrows scroll, < > other 4K, any other key closes)", object->label);
    top = 0;
    dashboard->wish.contents = true;
    dashboard->wish.subject = object->identity;
    dashboard->wish.offset = 0;
    dashboard->popup = &popup;
    dashboard_wish(dashboard);
}
