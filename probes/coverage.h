/*
 * coverage.h - what could not be read, from where, and why. Shown with every answer, never hidden.
 */
#pragma once

#include <stdint.h>

struct coverage {
    const char *source; /* "maps", "fd", "syscall", "mqueue", …: a constant */
    const char *place;  /* the object or path, escaped; NULL when it is about processes */
    int error;          /* errno, positive */
    uint32_t processes; /* how many processes it concerns; 0 when it is not about processes */
    uint64_t kinds;     /* KIND_BIT()s of those of which live objects may be missing for it */
};
