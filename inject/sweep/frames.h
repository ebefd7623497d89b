/* frames.h - function, file and line of the frames of a result, by libdw. */
#pragma once

#include "inject/sweep/result.h"

struct call_sites;

/* Fills in what the module and offset of each frame lead to; strings in the arena. */
void frames_resolve(struct arena *arena, struct call_sites *sites, struct frame *frames, uint32_t count);
