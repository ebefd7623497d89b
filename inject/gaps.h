/*
 * gaps.h - what a run did not see. Only commands use this: it says so on stderr.
 */
#pragma once

#include "inject/plan.h"

/* One line for each kind of call or program that passed by the engine. */
void gaps_say(const struct plan *plan, enum call_reach engine);

/* True when calls passed by the shim that a rule would have matched, or may have, out of a RTLD_DEEPBIND
 * library. */
bool gaps_escaped(const struct plan *plan);
