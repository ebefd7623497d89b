/* prompt.h - asks for a line of text on the last line. */
#pragma once

struct dashboard;

/*
 * Opens it with a text to start from. `done` is called with what was typed when Enter ends it, `changed` (may
 * be NULL) whenever it changes. Esc ends it without a call.
 */
void prompt_open(struct dashboard *dashboard, const char *label, const char *start,
                 void (*done)(struct dashboard *dashboard, const char *text),
                 void (*changed)(struct dashboard *dashboard, const char *text));
