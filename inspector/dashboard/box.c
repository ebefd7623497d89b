/* box.c - see box.h. */
#include "inspector/dashboard/box.h"

#include "inspector/dashboard/draw.h"

#include <curses.h>

static int at_most(int wanted, int most)
{
    return wanted < most ? wanted : most;
}

struct box box_draw(const char *title, int height, int width)
{
    struct box box = {.height = at_most(height, LINES - 4), .width = at_most(width, COLS - 4)};
    box.height = box.height < 1 ? 1 : box.height;
    box.width = box.width < 8 ? 8 : box.width;
    box.y = (LINES - box.height) / 2;
    box.x = (COLS - box.width) / 2;
    for (int i = -1; i <= box.height; i++)
        draw_fill(box.y + i, box.x - 2, box.width + 4, STYLE_MENU);
    draw_fill(box.y - 1, box.x - 2, box.width + 4, STYLE_TITLE);
    draw_text(box.y - 1, box.x, box.width, STYLE_TITLE, title);
    return box;
}
