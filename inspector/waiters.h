/* waiters.h - findings about one object, or one semaphore of a set, and all threads that wait for it, for
 * rules. */
#pragma once

#include "inspector/finding.h"
#include "inspector/waits.h"

/* Gives the finding the pids of all who wait for the same as `waiting`. False when memory is out. */
bool finding_set_waiters(struct findings *findings, struct finding *finding, const struct waits *waits,
                         const struct waiting *waiting);

/*
 * Makes the waits of the evidence and calls `look` for the first wait of each object, or semaphore, that
 * `concerns` it. Returns 0 or -ENOMEM.
 */
int waits_each_object(const struct evidence *evidence, struct findings *findings,
                      bool (*concerns)(const struct waits *waits, const struct waiting *waiting),
                      int (*look)(const struct waits *waits, const struct waiting *waiting,
                                  struct findings *findings));
