/*
 * draw.h - text, meters and sparklines at places on the screen, clipped to a width in columns. Text has been
 * made harmless before; it may hold wide and combining characters.
 */
#pragma once

#include "inspector/dashboard/style.h"

#include <stdbool.h>
#include <stddef.h>

/* How many columns a text takes. */
int draw_width(const char *text);

/* Exactly `width` columns: cut with an ellipsis when longer, padded when shorter. */
void draw_text(int y, int x, int width, enum style style, const char *text);
void draw_text_right(int y, int x, int width, enum style style, const char *text);

/* How many bytes of a text to put on a line of that width: all, or whole words, or what fits of a long one.
 */
size_t draw_wrap(const char *text, int width);

/* A run of texts on a line: each goes where the one before it ended, as far as there is room. */
struct draw_run {
    int y, x, end;
};
void draw_add(struct draw_run *run, enum style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for a text that only makes sense whole; false when it has no room, then nothing is drawn. */
bool draw_add_whole(struct draw_run *run, enum style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Fills a line from x on. */
void draw_fill(int y, int x, int width, enum style style);

/* A horizontal rule, and a vertical one. */
void draw_rule(int y, int x, int width);
void draw_bar(int y, int x, int height);

/* "[|||||   42%]": a level with a text at its right end. */
void draw_meter(int y, int x, int width, unsigned percent, const char *text);

/* The samples, the newest at the right end, scaled to the largest. */
void draw_spark(int y, int x, int width, enum style style, const float *samples, size_t count);
