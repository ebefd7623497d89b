/*
 * space.h - the address space in which a command can do all but its largest shared mapping, from what the
 * shim saw of the clean runs: the limit of the environment trial that takes it away.
 */
#pragma once

#include "inject/sweep/result.h"

struct event;
struct plan;

/* Takes one event of a clean run. */
void space_add(struct learnt *learnt, const struct event *event);

/* At the end of a clean run: forgets the limit where a program would not even start under it. */
void space_end(struct learnt *learnt, const struct plan *plan);

/* Forgets what another clean run did otherwise. */
void space_keep_common(struct learnt *learnt, const struct learnt *other);
