/* filter_node.h - a parsed filter, for the files behind filter.h only. */
#pragma once

#include "common/array.h"
#include "inspector/column.h"

enum filter_operator {
    FILTER_EQUAL,
    FILTER_DIFFERENT,
    FILTER_LESS,
    FILTER_AT_MOST,
    FILTER_MORE,
    FILTER_AT_LEAST,
    FILTER_LIKE,
    FILTER_UNLIKE,
};

enum filter_kind { FILTER_COMPARISON, FILTER_NOT, FILTER_AND, FILTER_OR };

/* Operands are indexes of nodes before this one. */
struct filter_node {
    enum filter_kind kind;
    size_t left, right;
    const struct column *column;
    enum filter_operator operator;
    struct value
        literal; /* its string, or the pattern of FILTER_LIKE, ends with a NUL and belongs to the node */
};

struct filter {
    ARRAY(struct filter_node) nodes; /* the last one is the root */
};

/*
 * Reads the text of a literal as a column's type says. Returns 0 with a number in ret_literal, or -EINVAL
 * with what was expected in ret_expected. Strings and words are the caller's.
 */
int filter_literal(enum value_type type, const char *text, struct value *ret_literal,
                   const char **ret_expected);
