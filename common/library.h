/*
 * library.h - shared libraries that only some commands need, loaded by those: what a program is linked to is
 * loaded and relocated at each start, also for `list`.
 */
#pragma once

#include <stddef.h>

/* A function of a library, and the pointer that is to hold its address. */
struct library_symbol {
    const char *name;
    void *slot; /* of a pointer to a function */
};

/*
 * Loads the library of this soname for the life of the process and fills the slots. May be called again.
 * Returns 0, or -ELIBACC where the library or one of the functions is missing: then no slot was filled.
 */
int library_load(const char *soname, const struct library_symbol *symbols, size_t count);
