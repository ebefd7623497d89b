/*
 * vanishing.h - mapped files that others may truncate. Touching what a file no longer has is SIGBUS, which
 * would end us for what another did; memory that is protected here turns into zeros instead, all of it and
 * for good. Who reads it has to see from its contents that it is gone.
 */
#pragma once

#include <stddef.h>

/* Before it is touched. Returns 0, or -ENOSPC: a handful at the same time. */
int vanishing_protect(void *memory, size_t size);

/* Before it is unmapped. */
void vanishing_release(void *memory);
