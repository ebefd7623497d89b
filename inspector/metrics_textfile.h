/*
 * metrics_textfile.h - a file that readers see either as it was or as it is, never in between: for the
 * textfile collector of node_exporter. Works in the sandbox with SANDBOX_REPLACING.
 */
#pragma once

#include <stddef.h>

struct metrics_textfile {
    int folder; /* opened with O_PATH */
    const char *name;
};

/*
 * Finds the folder of a file, which need not exist itself. -EISDIR when the path names none, -ENOTSUP when it
 * is a device, a pipe or the like, also by a link; the path must outlive it. Closed with
 * metrics_textfile_close().
 */
int metrics_textfile_open(const char *path, struct metrics_textfile *ret_file);

/*
 * Writes the bytes to a new file beside it, readable by all, and puts that in its place once it is on disk. A
 * link of that name is replaced, not followed. Returns 0 or -errno, and then leaves the old file as it was.
 */
int metrics_textfile_write(const struct metrics_textfile *file, const void *bytes, size_t length);

void metrics_textfile_close(struct metrics_textfile *file);
