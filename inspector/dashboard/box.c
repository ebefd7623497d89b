/* box.c - see box.h. */
#include "inspector/dashboard/box.h"

#include "inspector/dashboard/draw.h"

#include <curses.h>

/* Columns between a box's edge and its text: with one, a line of bytes fits on 80 columns. */
enum { MARGIN = 1 };

static int at_most(int wanted, int most)
{
    return wanted < most ? wanted : most;
}

struct box box_draw(const char *title, int height, int width)
{
    struct box box = {.height = at_most(height, LINES - 4), .width = at_most(width, COLS - 2 * MARGIN)};
    box.height = box.height < 1 ? 1 : box.height;
    box.width = box.width < 8 ? 8 : box.width;
    box.y = (LINES - box.height) / 2;
    box.x = (COLS - box.width) / 2;
    for (int i = -1; i <= box.height; i++)
        draw_fill(box.y + i, box.x - MARGIN, box.width + 2 * MARGIN, STYLE_MENU);
    draw_fill(box.y - 1, box.x - MARGIN, box.width + 2 * MARGIN, STYLE_TITLE);
    draw_text(box.y - 1, box.x, box.width, STYLE_TITLE, title);
    return box;
}

bool box_has(const struct box *box, int y, int x)
{
    return y >= box->y - 1 && y <= box->y + box->height && x >= box->x - MARGIN &&
           x < box->x + box->width + MARGIN;
}
