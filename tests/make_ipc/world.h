/* world.h - a small world with objects of every kind, some of them in trouble, for `make demo`. */
#pragma once

/* What make_ipc is asked for when it is asked for "world"; ends with NULL. */
extern const char *const world[];
