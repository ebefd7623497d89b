/* salvage_queue.h - the part of salvage.h about POSIX message queues. Private to it. */
#pragma once

#include "probes/salvage.h"

int salvage_queue(const struct snapshot *snapshot, const struct object *object, const struct salvage_to *to,
                  const char **ret_why);
