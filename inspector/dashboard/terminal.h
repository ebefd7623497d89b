/*
 * terminal.h - takes the terminal over and gives it back, whatever happens: at the end, when suspended, and,
 * from a signal handler, when the program crashes.
 */
#pragma once

#include <stdbool.h>

struct terminal_options {
    bool mouse;
    bool colours;
};

/*
 * Starts curses. Returns 0, -ENOTTY for what is no terminal or one without a cursor to place, or -ENOENT when
 * nothing is known of this kind of terminal.
 */
int terminal_start(const struct terminal_options *options);

/* Gives the terminal back; does nothing when it has been given back already. */
void terminal_stop(void);

/* Gives the terminal back and stops, as Ctrl-Z asks for; takes it again when continued. */
void terminal_suspend(void);

/* Tells curses the terminal's present size. */
void terminal_resize(void);

/* Whether characters beyond ASCII can be shown; fine blocks (an eighth of a cell) are missing on the console.
 */
bool terminal_is_utf8(void);
bool terminal_has_fine_blocks(void);
