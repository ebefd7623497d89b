/* waits_freeze.h - which waits never end, for waits.c only. */
#pragma once

struct waits;

/* Sets the fate of every wait. Returns 0 or -ENOMEM. */
int waits_freeze(struct waits *waits);
