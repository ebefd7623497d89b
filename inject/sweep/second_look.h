/* second_look.h - what a sweep is about to report is run again first, under a debugger's eyes. */
#pragma once

#include "inject/sweep/sweep.h"

/*
 * Looks again at what stands for each finding, until none is left that was not, and leaves result->findings
 * made of what was seen. Returns 0, -EINTR when a signal came, or -errno.
 */
int second_look(struct sweep *sweep, struct sweep_result *result);
