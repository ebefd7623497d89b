/* filter.c - matching objects with a parsed filter. */
#include "inspector/filter.h"

#include "common/strbuf.h"
#include "inspector/filter_node.h"
#include "inspector/value_format.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

static bool is_text(struct value value)
{
    return value.type == VALUE_STRING || value.type == VALUE_WORD;
}

/* The text a glob sees: raw bytes of a string, anything else as the table shows it with exact sizes. */
static bool matches_glob(const char *pattern, struct value value)
{
    static const struct value_style style = {.exact = true};
    AUTO_STRBUF struct strbuf text = {0};
    if (is_text(value))
        strbuf_add(&text, value.string, value.length);
    else
        value_format(&text, value, &style);
    return !text.failed && fnmatch(pattern, strbuf_text(&text), 0) == 0;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_texts(struct value a, struct value b)
{
    int order = memcmp(a.string, b.string, a.length < b.length ? a.length : b.length);
    return order ? order : compare_numbers(a.length, b.length);
}

static bool compares(const struct filter_node *node, struct value value)
{
    if (!value_known(value))
        return false;
    if (node->operator== FILTER_LIKE || node->operator== FILTER_UNLIKE)
        return matches_glob(node->literal.string, value) == (node->operator== FILTER_LIKE);
    if (is_text(value) != is_text(node->literal))
        return false;
    int order = is_text(value) ? compare_texts(value, node->literal)
                               : compare_numbers(value.number, node->literal.number);
    switch (node->operator) {
    case FILTER_EQUAL: return order == 0;
    case FILTER_DIFFERENT: return order != 0;
    case FILTER_LESS: return order < 0;
    case FILTER_AT_MOST: return order <= 0;
    case FILTER_MORE: return order > 0;
    case FILTER_AT_LEAST: return order >= 0;
    default: return false;
    }
}

static bool match_node(const struct filter *filter, size_t index, const struct snapshot *snapshot,
                       const struct object *object, struct strbuf *scratch)
{
    const struct filter_node *node = &filter->nodes.items[index];
    switch (node->kind) {
    case FILTER_NOT: return !match_node(filter, node->left, snapshot, object, scratch);
    case FILTER_AND:
        return match_node(filter, node->left, snapshot, object, scratch) &&
               match_node(filter, node->right, snapshot, object, scratch);
    case FILTER_OR:
        return match_node(filter, node->left, snapshot, object, scratch) ||
               match_node(filter, node->right, snapshot, object, scratch);
    default: return compares(node, column_value(node->column, snapshot, object, scratch));
    }
}

bool filter_match(const struct filter *filter, const struct snapshot *snapshot, const struct object *object,
                  struct strbuf *scratch)
{
    return match_node(filter, filter->nodes.count - 1, snapshot, object, scratch);
}

unsigned filter_needs(const struct filter *filter)
{
    unsigned needs = 0;
    array_each(&filter->nodes, node) needs |= node->column ? column_needs(node->column) : 0;
    return needs;
}

void filter_free(struct filter *filter)
{
    if (!filter)
        return;
    array_each(&filter->nodes, node)
    {
        if (node->literal.type == VALUE_STRING)
            free((void *)node->literal.string);
    }
    array_free(&filter->nodes);
    free(filter);
}
