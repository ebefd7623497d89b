/* ends.h - what pipes and FIFOs have in common: processes at the ends, what is in between, who blocks. */
#pragma once

#include "tests/make_ipc/maker.h"

#include <stdbool.h>

struct ends {
    int read_fd, write_fd; /* both open here; processes keep one of them, or both */
    bool both;
};

/* Sets the capacity, fills it, adds the processes at the keys readers, writers, reading and writing. */
void ends_populate(struct making *making, struct ends *ends);

#define ENDS_KEYS                                                                       \
    {"capacity", "bytes it can hold"}, {"fill", "bytes in it"}, {"full", "fill it up"}, \
        {"readers", "processes that have it open for reading (1, 0 with reading)"},     \
        {"writers", "processes that have it open for writing (1, 0 with writing)"},     \
        {"reading", "processes that block reading (when empty)"},                       \
        {"writing", "processes that block writing (when full)"},                        \
    {                                                                                   \
        "both", "each process keeps both ends, so that its own wait never ends"         \
    }
