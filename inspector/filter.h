/*
 * filter.h - the expressions of `--filter`: comparisons of columns, combined with && || ! and parentheses.
 *
 *     size>1M && users==0        name=~"/torch*"        age>1h && !(owner==root)
 *
 * Operators are == != < <= > >= and =~ !~ (a glob against the text of the value). Literals are read as the
 * column's type says (1M, 1h30m, 0644, 0x1F, a user's name, 2026-11-23T19:47, a word). A comparison with a
 * value that does not apply, is not known or denied is false, whatever the operator.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct filter;
struct object;
struct snapshot;
struct strbuf;

/* Why an expression was refused: which character (from 1), and what is wrong (raw text of the user in it). */
struct filter_error {
    size_t column;
    char message[160];
};

/* A new filter, to be freed with filter_free(). -EINVAL with ret_error filled in, or -ENOMEM. */
int filter_parse(const char *text, struct filter **ret_filter, struct filter_error *ret_error);

/* NEED_ bits that must be collected for it. */
unsigned filter_needs(const struct filter *filter);

/* Whether the object passes. Memory that ran out shows in `scratch`. */
bool filter_match(const struct filter *filter, const struct snapshot *snapshot, const struct object *object,
                  struct strbuf *scratch);

void filter_free(struct filter *filter);
