/*
 * record_text.h - the text form of what a kernel answers, a line each: numbers in decimal, then one escaped
 * string. A recording is made of it; reading it back trusts nothing.
 */
#pragma once

#include "probes/kernel.h"

#include <stdbool.h>

struct scan;
struct strbuf;

/* The name of a recording's own file, and its first line. */
#define RECORDING_FILE "shmoo-recording"
#define RECORDING_HEAD "shmoo recording 1\n"

/* What an answer of several lines ends with when it ended in an error: this and the errno. */
#define RECORDING_ERROR "error "

/* Whether a path made of what processes say stays below the folder: relative, and without "..". */
bool record_path_is_inside(const char *path);

/* One kind of answer: numbers at these places of a struct, in this order. */
struct record_member {
    uint16_t offset;
    uint8_t size;
};

struct record_form {
    const struct record_member *members;
    size_t count;
};

extern const struct record_form record_status, record_vma, record_fd, record_shm_file, record_queue,
    record_socket, record_semaphore, record_pipe, record_file_system, record_clock;

/* Appends the numbers of `answer`, and `text` escaped behind them (NULL: none), as one line. */
void record_write(struct strbuf *buffer, const struct record_form *form, const void *answer, const char *text,
                  size_t length);

/*
 * Reads a line back: the numbers into `ret_answer`, the string (unescaped, NUL-terminated) into ret_text.
 * False when the line is of another form or a number does not fit.
 */
bool record_read(struct scan line, const struct record_form *form, void *ret_answer, struct strbuf *ret_text);
