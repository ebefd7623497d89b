/* link_name.h - names as links and maps of /proc have them. */
#pragma once

#include <string.h>

/*
 * The length of a name without the " (deleted)" that the kernel puts behind one that is no longer there, see
 * d_path(). A name may also really end so: who can tell by a link count does.
 */
static inline size_t link_name_length(const char *name)
{
    static const char deleted[] = " (deleted)";
    size_t length = strlen(name), ending = sizeof(deleted) - 1;
    return length > ending && strcmp(name + length - ending, deleted) == 0 ? length - ending : length;
}
