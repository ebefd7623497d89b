/* source_remembered.h - start times of the pids that objects remember, to tell the dead and the reused. */
#pragma once

struct collection;

/* Fills known_pids for every VALUE_PID field, and says whether all processes are visible. */
int source_remembered_pids(struct collection *collection);
