/* help.h - the screen of keys. */
#pragma once

struct dashboard;

void help_open(struct dashboard *dashboard);
