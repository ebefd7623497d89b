/*
 * call_site.h - function, file and line of a caller, from the debugging information of its module (libdw).
 * Modules are read once. Works on files, so the process may be gone.
 */
#pragma once

#include <stdint.h>

struct call_sites;

struct call_site {
    const char *function; /* NULL when unknown; all strings live as long as the call_sites */
    const char *file;
    int line; /* 0 when unknown */
};

/* NULL with errno when memory is out or libdw is missing. */
struct call_sites *call_sites_new(void);
void call_sites_free(struct call_sites *sites);

/* The site of a return address, given as an offset from where the module is loaded. */
struct call_site call_sites_find(struct call_sites *sites, const char *module, uint64_t offset);
