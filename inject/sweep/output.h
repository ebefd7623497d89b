/*
 * output.h - what a command writes, kept in a file without a name: a pipe would have to be emptied while it
 * runs, and would itself be an IPC object to be failed.
 */
#pragma once

#include <stdint.h>

struct output_seen;

/* A descriptor, or -1 with errno. */
int output_new(void);
void output_clear(int fd);
uint64_t output_size(int fd);

/* Sums up all that is in it and keeps the start. */
void output_read(int fd, struct output_seen *ret_output);
