/* waits_enders.h - who can end a wait, kind by kind, for waits.c only. */
#pragma once

#include <stdbool.h>

struct waiting;
struct waits;

/* Whether the descriptors and mappings of all processes could be read. */
bool waits_saw_everybody(const struct waits *waits);

/* Fills in want, reach, holder and enders of a wait. Returns 0 or -ENOMEM. */
int waits_find_enders(struct waits *waits, struct waiting *waiting);
