/* contents.h - `show --hex`: which bytes of an object are asked for, and their dump. */
#pragma once

#include "probes/peek.h"

#include <stdio.h>

/* What `--hex` without a range shows. */
#define CONTENTS_DEFAULT ((struct peek_range){.offset = 0, .length = 512})

/*
 * Reads "START-END" (the last byte belongs to it), "START-" (to the end), "START+LENGTH" or "START" (as long
 * as the default). Numbers are as in 0x100, 256 or 4K. Returns 0 or -EINVAL.
 */
int contents_parse_range(const char *text, struct peek_range *ret_range);

/* Writes what is in the range, or a line that says why it cannot be shown. 0, -ENOMEM or -EIO. */
int contents_print(struct kernel *kernel, const struct snapshot *snapshot, const struct object *object,
                   const struct peek_range *range, FILE *out);
