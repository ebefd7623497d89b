/* peek_memory.h - bytes of shared memory, for peek.c alone. */
#pragma once

#include "probes/peek.h"

/* As peek(). */
int peek_memory(struct kernel *kernel, const struct snapshot *snapshot, const struct object *object,
                const struct peek_range *range, peek_see *see, void *argument, const char **ret_why);
