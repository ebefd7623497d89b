/* box.h - a frame in the middle of the screen for something to be put into. */
#pragma once

#include <stdbool.h>

/* The inside of a frame. */
struct box {
    int y, x, height, width;
};

/* Draws an empty frame with a title, as large as wanted where the screen allows; returns its inside. */
struct box box_draw(const char *title, int height, int width);

/* Whether a place is in the frame, its title and margins included. */
bool box_has(const struct box *box, int y, int x);
