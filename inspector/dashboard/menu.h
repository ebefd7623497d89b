/* menu.h - a list to choose from, over the dashboard. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct dashboard;

struct menu_item {
    const char *text; /* must last while the menu is open; harmless for a terminal */
    const char *help; /* what it is, likewise; or NULL */
    bool ticked;
};

/*
 * Opens it; the items are copied, as far as there is room for them. `chosen` is called with the number of the
 * item when Enter or Space is pressed; the menu closes unless it returns true, then `ticked` was turned over.
 */
void menu_open(struct dashboard *dashboard, const char *title, const struct menu_item *items, size_t count,
               size_t selected, bool (*chosen)(struct dashboard *dashboard, size_t item));
