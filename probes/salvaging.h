/* salvaging.h - what the files behind salvage.h share. Private to them. */
#pragma once

#include "probes/salvage.h"

struct salvaging {
    struct kernel *kernel;
    const struct snapshot *snapshot;
    const struct object *object;
    const struct salvage_to *to;
    const char **ret_why;
};

/* Each does what salvage() says, with all signals held. */
int salvage_posix_queue(const struct salvaging *salvaging);
int salvage_sysv_queue(const struct salvaging *salvaging);
