/*
 * idle.h - whether anything can still happen in a trial's world: not when every thread waits, without a
 * time-out, for something that only another of them could do.
 */
#pragma once

#include <stdbool.h>

/*
 * Looks at all processes but the first. A timer or a signal from outside cannot be seen, so this is a reason
 * to stop waiting, not a proof. Two looks some time apart should agree.
 */
bool idle_world(void);
