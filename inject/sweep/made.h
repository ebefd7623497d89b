/*
 * made.h - what a command makes under a name or key when nothing goes wrong, as its calls tell. Trials find
 * it there already, see plant.h.
 */
#pragma once

#include "inject/sweep/result.h"

struct event;

/* Takes one event of a clean run; those that make nothing of that kind are passed over. 0 or -ENOMEM. */
int made_add(struct sweep_result *result, const struct event *event);

/* Drops what another clean run did not make: its name is made up anew each time. */
void made_keep_common(struct sweep_result *result, const struct sweep_result *other);
