/* footer.h - the last line: what was said last, or the keys there are. */
#pragma once

struct dashboard;

void footer_draw(const struct dashboard *dashboard, int y);

/* The code of the key whose label is at a column, or 0. */
int footer_key_at(int x);
