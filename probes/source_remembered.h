/* source_remembered.h - start times of the pids that objects remember, to tell the dead and the reused. */
#pragma once

struct collection;

/* Says whether all processes are visible, and states it when they are not. */
void source_remembered_visibility(struct collection *collection);

/* Fills known_pids for every VALUE_PID field. */
int source_remembered_pids(struct collection *collection);
