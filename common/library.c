/* library.c - see library.h. Relies on dlopen(3). */
#include "common/library.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>

int library_load(const char *soname, const struct library_symbol *symbols, size_t count)
{
    void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return -ELIBACC;
    for (size_t i = 0; i < count; i++) {
        if (dlsym(library, symbols[i].name))
            continue;
        dlclose(library);
        return -ELIBACC;
    }
    /* POSIX, unlike C, lets the address of a function be kept in a void *: dlsym(3). */
    for (size_t i = 0; i < count; i++) {
        void *address = dlsym(library, symbols[i].name);
        memcpy(symbols[i].slot, &address, sizeof(address));
    }
    return 0;
}
