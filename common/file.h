/* file.h - whole files at once. */
#pragma once

#include <limits.h>
#include <stddef.h>

struct strbuf;

/* Appends all there is to read from where the descriptor stands. 0 or -errno, -EFBIG beyond 256 MiB. */
int file_read_all(int fd, struct strbuf *buffer);

/* Writes all bytes, however many calls it takes. 0 or -errno. */
int file_write_all(int fd, const void *bytes, size_t length);

/* The path of the program that is running. 0 or -errno. */
int file_own_path(char ret_path[PATH_MAX]);
