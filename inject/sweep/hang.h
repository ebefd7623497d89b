/* hang.h - why a command does not end, asked inside its world of `shmoo waits`, which knows all kinds. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One line into `text`; "" when nothing is known. `shmoo` is the path of our program. Returns whether it is
 * certain that something waits for ever.
 */
bool hang_explain(const char *shmoo, char *text, size_t size);

/* Counts the processes of the world besides its first, and puts their names into `text`. */
uint32_t hang_list_processes(char *text, size_t size);
