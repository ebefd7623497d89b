/*
 * detail.h - everything that is known of one object, as lines for a human: what `show` prints and the
 * dashboard shows beside its list. Pure: a snapshot in, lines out. Texts are safe for a terminal.
 */
#pragma once

#include "common/arena.h"
#include "common/array.h"

#include <stdbool.h>

struct findings;
struct object;
struct process;
struct snapshot;

struct detail_line {
    const char *label; /* "Size"; "" when the line belongs to the one above; NULL: the text is a heading */
    const char *text;
};

struct detail {
    struct arena arena; /* owns the texts */
    ARRAY(struct detail_line) lines;
    bool failed; /* memory ran out, also for what was added later */
};

/* Appends the lines of an object / what is wrong with it / those of a process. Returns 0 or -ENOMEM; either
 * way detail_free() is due. */
int detail_add_object(struct detail *detail, const struct snapshot *snapshot, const struct object *object);
int detail_add_findings(struct detail *detail, const struct findings *findings, const struct object *object);
int detail_add_process(struct detail *detail, const struct snapshot *snapshot, const struct process *process);

void detail_free(struct detail *detail);

#define AUTO_DETAIL __attribute__((cleanup(detail_free)))
