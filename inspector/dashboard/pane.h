/* pane.h - all about the selected object or process. */
#pragma once

struct dashboard;

void pane_draw(struct dashboard *dashboard, int y, int x, int height, int width);
