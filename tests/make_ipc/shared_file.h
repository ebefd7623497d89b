/* shared_file.h - what the makers of shared memory in files have in common: posix-shm, file-shm, memfd. */
#pragma once

#include <stddef.h>

struct making;

struct shared_file {
    char path[4200];
    int fd; /* inherited by the processes, or -1 to open the path */
    size_t size, touch;
    unsigned mode;
    int access; /* O_RDONLY or O_RDWR */
};

/* Reads the keys size, touch, mode and readonly. */
struct shared_file shared_file_wanted(struct making *making);

/* Makes the file at `path` with its size and contents, and missing folders above it; all goes away at the
 * end. */
void shared_file_make(struct making *making, struct shared_file *file);

/* The same as create(context), for what wants to put more into it; then shared_file_prepare() comes first. */
void shared_file_prepare(const struct shared_file *file);
void shared_file_create(void *context);
void shared_file_fill(int fd, const struct shared_file *file);

/* As work(context) for processes: hold the file mapped, open, or both. */
void shared_file_map(void *context);
void shared_file_open(void *context);
void shared_file_hold(void *context);

/* Prints inode and device of `fd`, or of `path` when fd is negative. Returns the inode. */
unsigned long shared_file_print(struct making *making, int fd, const char *path);
