/* style.h - the dashboard's colours and attributes; the table is styles.def. */
#pragma once

#include "inspector/finding.h"

#include <stdbool.h>

enum style {
#define STYLE(NAME, ...) STYLE_##NAME,
#include "inspector/dashboard/styles.def"
#undef STYLE
    STYLE_COUNT
};

/* Prepares as many colours as the terminal has; none when not wanted. Curses must have been started. */
void style_start(bool colours);

/* Curses attributes of a style. */
unsigned style_attributes(enum style style);

/* How something of that style looks on the selected row. */
enum style style_selected(enum style style);

/* The style of a level in percent: fine, worth a look, near the end. */
enum style style_of_level(unsigned percent);

/* The style of something that is wrong, by how sure that is. */
enum style style_of_confidence(enum confidence confidence);
