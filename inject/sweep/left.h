/* left.h - what is left in a private world: every object in it is the command's. */
#pragma once

#include <stddef.h>

/* Lists them in `text`, sorted, one a line, as "posix-shm:/ring"; what does not fit is counted. */
void left_list(char *text, size_t size, const char *const *paths);

/* Removes the FIFOs at `paths`, the one kind that is outside the world. */
void left_remove_paths(const char *const *paths);
