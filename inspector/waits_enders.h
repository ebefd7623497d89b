/* waits_enders.h - who can end a wait, kind by kind, for waits.c only. */
#pragma once

struct waiting;
struct waits;

/* Fills in want, reach, holder and enders of a wait. Returns 0 or -ENOMEM. */
int waits_find_enders(struct waits *waits, struct waiting *waiting);
