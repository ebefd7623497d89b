/* selection.h - which objects of a snapshot are shown, and in which order. */
#pragma once

#include "common/array.h"
#include "inspector/column.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct filter;
struct snapshot;

struct selection {
    const struct filter *filter; /* or NULL */
    const struct column *sort;   /* or NULL: as in the snapshot */
    bool descending;
    bool by_user, by_pid;
    uid_t user; /* owns or made it, or runs a process that uses it */
    pid_t pid;  /* uses it, made it or used it last */
};

typedef ARRAY(const struct object *) object_list;

/* NEED_ bits the selection itself rests on. */
unsigned selection_needs(const struct selection *selection);

/* Appends the selected objects in order; hidden ones never. Returns 0 or -ENOMEM. */
int selection_apply(const struct selection *selection, const struct snapshot *snapshot, object_list *objects);
