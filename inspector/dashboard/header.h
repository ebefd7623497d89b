/* header.h - the lines above the list: totals, findings, coverage, tabs. */
#pragma once

struct dashboard;

/* Draws them; returns how many lines they took. */
int header_draw(const struct dashboard *dashboard);

/* The screen whose tab is at a place, or -1. */
int header_tab_at(const struct dashboard *dashboard, int y, int x);
